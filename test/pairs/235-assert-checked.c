/* expect: missing-null-check */
#include <stdlib.h>
#include <assert.h>
#include <string.h>

static char *mk(int n)
{
    char *p = malloc(n);
#ifdef BAD
    assert(n > 0);
#else
    assert(n > 0 && p != NULL);
#endif
    memset(p, 'a', n - 1);
    p[n - 1] = 0;
    return p;
}

int main(void)
{
    char *s = mk(5);
    int r = s[0] == 'a';
    free(s);
    return !r;
}
