/* expect: allocation-size */
#include <stdlib.h>

static long *squares(int n)
{
    int i;
#ifdef BAD
    long *v = malloc(n);
#else
    long *v = malloc(n * sizeof *v);
#endif
    if (!v)
        return NULL;
    for (i = 0; i < n; i++)
        v[i] = (long)i * i;
    return v;
}

int main(void)
{
    free(squares(10));
    return 0;
}
