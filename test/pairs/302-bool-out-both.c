/* expect: missing-null-check */
#include <stdlib.h>
#include <stdio.h>

static int alloc_pair(int **a, int **b, int n)
{
    *a = malloc(n * sizeof(int));
    *b = malloc(n * sizeof(int));
#ifdef BAD
    if (!*a) {
#else
    if (!*a || !*b) {
#endif
        free(*a);
        free(*b);
        *a = *b = NULL;
        return 0;
    }
    return 1;
}

static int go(int n)
{
    int *x, *y, i, s = 0;
    if (!alloc_pair(&x, &y, n))
        return -1;
    for (i = 0; i < n; i++) {
        x[i] = i;
        y[i] = n - i;
        s += x[i] * y[i];
    }
    free(x);
    free(y);
    return s;
}

int main(void)
{
    printf("%d\n", go(7));
    return 0;
}
