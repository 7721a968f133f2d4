/* expect: allocation-size */
#include <stdlib.h>

static int fill(int **pp, int n)
{
    int i;
#ifdef BAD
    int *q = realloc(*pp, (n - 1) * sizeof(int));
#else
    int *q = realloc(*pp, n * sizeof(int));
#endif
    if (!q)
        return -1;
    *pp = q;
    for (i = 0; i < n; i++)
        q[i] = 0;
    return 0;
}

int main(void)
{
    int *p = NULL;
    fill(&p, 8);
    free(p);
    return 0;
}
