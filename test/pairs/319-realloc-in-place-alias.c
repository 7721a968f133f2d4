/* expect: use-after-free */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static int grow(int **base, int **cursor, int *cap)
{
    ptrdiff_t off = *cursor - *base;
    int *n = realloc(*base, 2 * *cap * sizeof(int));
    if (!n)
        return -1;
    *base = n;
#ifdef BAD
    if (off < 0)
#else
    if (off >= 0)
#endif
        *cursor = n + off;
    *cap *= 2;
    return 0;
}

static int run(void)
{
    int cap = 2, i, s;
    int *b = malloc(cap * sizeof(int)), *c = b;
    if (!b)
        return -1;
    for (i = 0; i < 9; i++) {
        if (c - b == cap && grow(&b, &c, &cap) < 0) {
            free(b);
            return -1;
        }
        *c++ = i;
    }
    s = b[0];
    free(b);
    return s;
}

int main(void)
{
    return run();
}
