/* expect: memory-leak */
#include <stdlib.h>
#include <stdio.h>

static int collect(const int *in, int n)
{
    int cnt = 0, s = 0, i;
    int *odd = malloc(n * sizeof(int));
    if (!odd)
        return -1;
    for (i = 0; i < n; i++)
        if (in[i] & 1)
            odd[cnt++] = in[i];
    if (cnt > 0) {
        int *fit = realloc(odd, cnt * sizeof(int));
#ifdef BAD
        if (!fit)
#else
        if (!fit) {
            free(odd);
#endif
            return -1;
#ifndef BAD
        }
#endif
        odd = fit;
    }
    for (i = 0; i < cnt; i++)
        s += odd[i];
    free(odd);
    return s;
}

int main(void)
{
    int a[] = { 1, 2, 3, 4, 5 };
    printf("%d\n", collect(a, 5));
    return 0;
}
