/* expect: allocation-size */
#include <stdlib.h>
#include <string.h>

static char *dup_lower(const char *s)
{
    size_t n = strlen(s);
#ifdef BAD
    char *d = malloc(n);
#else
    char *d = malloc(n + 1);
#endif
    if (!d)
        return NULL;
    strcpy(d, s);
    d[0] |= 0x20;
    return d;
}

int main(void)
{
    free(dup_lower("Hello, I am 24 chars lon"));
    return 0;
}
