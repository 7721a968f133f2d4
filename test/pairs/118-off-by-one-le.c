/* expect: allocation-size */
#include <stdlib.h>

#define NSAMP 32

static int *window(void)
{
    int i;
    int *w = malloc(NSAMP * sizeof(int));
    if (!w)
        return NULL;
#ifdef BAD
    for (i = 0; i <= NSAMP; i++)
#else
    for (i = 0; i < NSAMP; i++)
#endif
        w[i] = i < NSAMP / 2 ? i : NSAMP - i;
    return w;
}

int main(void)
{
    free(window());
    return 0;
}
