/* expect: stack-address-escape */
#include <stdlib.h>
#include <stdio.h>

struct job { int *params; int n; };

static struct job *job_make(int a, int b)
{
#ifdef BAD
    int params[2] = { a, b };
#else
    int *params = malloc(2 * sizeof(int));
#endif
    struct job *j = malloc(sizeof *j);
#ifdef BAD
    if (!j)
#else
    if (!j || !params) {
        free(j);
        free(params);
#endif
        return NULL;
#ifndef BAD
    }
    params[0] = a;
    params[1] = b;
#endif
    j->params = params;
    j->n = 2;
    return j;
}

int main(void)
{
    struct job *j = job_make(3, 4);
    int s;
    if (!j)
        return 1;
    s = j->params[0] + j->params[1];
#ifndef BAD
    free(j->params);
#endif
    free(j);
    return s == 1;
}
