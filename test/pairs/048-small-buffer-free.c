/* expect: invalid-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static int hash_of(const char *s, size_t n)
{
    char fixed[16];
    char *b = fixed;
    int h = 0;
    size_t i;
    if (n >= sizeof fixed) {
        b = malloc(n + 1);
        if (!b)
            return -1;
    }
    memcpy(b, s, n);
    b[n] = 0;
    for (i = 0; i < n; i++)
        h = (h * 31 + b[i]) & 0xffff;
#ifdef BAD
    if (n > 8)
#else
    if (b != fixed)
#endif
        free(b);
    return h;
}

int main(void)
{
    printf("%d\n", hash_of("short", 5));
    printf("%d\n", hash_of("ten chars!", 10));
    printf("%d\n", hash_of("a much longer string indeed", 27));
    return 0;
}
