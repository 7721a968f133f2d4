#include <stdlib.h>

static int fill(int **pp, int n)
{
    int i;
     int *q = realloc(*pp, n * sizeof(int));
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
