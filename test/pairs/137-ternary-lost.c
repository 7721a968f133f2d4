/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static char *clean(const char *s)
{
    char *r;
    if (!*s)
        return NULL;
    r = strdup(s);
    if (r)
        r[0] = '_';
    return r;
}

static size_t width(const char *s)
{
#ifdef BAD
    const char *c = clean(s);
    return c ? strlen(c) : 0;
#else
    char *c = clean(s);
    size_t n = c ? strlen(c) : 0;
    free(c);
    return n;
#endif
}

int main(void)
{
    printf("%lu\n", (unsigned long)(width("") + width("abc")));
    return 0;
}
