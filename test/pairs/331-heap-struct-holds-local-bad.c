/* expect: stack-address-escape at 13 */
#include <stdlib.h>
#include <stdio.h>

struct job { int *params; int n; };

static struct job *job_make(int a, int b)
{
     int params[2] = { a, b };
    struct job *j = malloc(sizeof *j);
     if (!j)
         return NULL;
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
    free(j);
    return s == 1;
}
