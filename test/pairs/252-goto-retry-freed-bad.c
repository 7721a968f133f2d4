/* expect: use-after-free at 15 */
#include <stdlib.h>
#include <string.h>

static int attempt(const char *b, int n) { return b[0] == 'x' && n < 3; }

static int go(void)
{
    int n = 0, r;
    char *b = NULL;
     b = strdup("x");
retry:
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
