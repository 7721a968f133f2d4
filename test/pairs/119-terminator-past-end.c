/* expect: allocation-size */
#include <stdlib.h>
#include <string.h>

static char *slice(const char *s, size_t from, size_t to)
{
    size_t n = to - from;
#ifdef BAD
    char *r = malloc(n);
#else
    char *r = malloc(n + 1);
#endif
    if (!r)
        return NULL;
    memcpy(r, s + from, n);
    r[n] = '\0';
    return r;
}

int main(void)
{
    free(slice("abcdefghijklmnop", 2, 10));
    return 0;
}
