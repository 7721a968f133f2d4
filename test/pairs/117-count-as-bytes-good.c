#include <stdlib.h>

static long *squares(int n)
{
    int i;
     long *v = malloc(n * sizeof *v);
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
