/* expect: uninitialized-heap-read */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

static int tail_sum(void)
{
    int i, s = 0;
    int *n, *p = calloc(4, sizeof *p);
    if (!p)
        return -1;
    n = realloc(p, 8 * sizeof *p);
    if (!n) {
        free(p);
        return -1;
    }
#ifndef BAD
    memset(n + 4, 0, 4 * sizeof *n);
#endif
    for (i = 0; i < 8; i++)
        s += n[i];
    free(n);
    return s;
}

int main(void)
{
    printf("%d\n", tail_sum());
    return 0;
}
