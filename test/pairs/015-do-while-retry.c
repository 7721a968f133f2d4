/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>

static int try_fill(char *b, size_t n, int round)
{
    if (n < 40)
        return 0;
    memset(b, round, n);
    return 1;
}

static int grow_until(void)
{
    size_t n = 8;
    char *b;
    int ok, round = 0;
    do {
        b = malloc(n);
        if (!b)
            return -1;
        ok = try_fill(b, n, round++);
#ifndef BAD
        if (!ok)
            free(b);
#endif
        n *= 2;
    } while (!ok);
    free(b);
    return round;
}

int main(void)
{
    return grow_until() > 100;
}
