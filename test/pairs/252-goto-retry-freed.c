/* expect: use-after-free */
#include <stdlib.h>
#include <string.h>

static int attempt(const char *b, int n) { return b[0] == 'x' && n < 3; }

static int go(void)
{
    int n = 0, r;
    char *b = NULL;
#ifndef BAD
retry:
#endif
    b = strdup("x");
#ifdef BAD
retry:
#endif
    if (!b)
        return -1;
    r = attempt(b, n);
    free(b);
    if (r) {
        n++;
        goto retry;
    }
    return n;
}

int main(void)
{
    return go() == 9;
}
