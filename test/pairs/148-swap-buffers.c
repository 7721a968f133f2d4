/* expect: memory-leak */
#include <stdlib.h>
#include <stdio.h>

static int life(int n, int gens)
{
    int i, g, sum = 0;
    int *cur = calloc(n, sizeof *cur);
    int *nxt = calloc(n, sizeof *nxt);
    if (!cur || !nxt)
        goto out;
    cur[n / 2] = 1;
    for (g = 0; g < gens; g++) {
        int *t;
        for (i = 0; i < n; i++)
            nxt[i] = cur[(i + n - 1) % n] ^ cur[(i + 1) % n];
        t = cur;
        cur = nxt;
#ifdef BAD
        nxt = cur;
#else
        nxt = t;
#endif
    }
    for (i = 0; i < n; i++)
        sum += cur[i];
out:
    free(cur);
#ifdef BAD
    if (nxt != cur)
        free(nxt);
#else
    free(nxt);
#endif
    return sum;
}

int main(void)
{
    printf("%d\n", life(16, 5));
    return 0;
}
