/* expect: double-free */
#include <stdlib.h>
#include <string.h>

static int resize(char **pp, size_t n)
{
    char *q = realloc(*pp, n);
    if (!q) {
        free(*pp);
#ifndef BAD
        *pp = NULL;
#endif
        return -1;
    }
    *pp = q;
    return 0;
}

int main(void)
{
    char *p = malloc(4);
    if (!p)
        return 1;
    if (resize(&p, 4000) < 0) {
        free(p);
        return 1;
    }
    memset(p, 1, 4000);
    free(p);
    return 0;
}
