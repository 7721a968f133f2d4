/* expect: memory-leak at 19 */
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
     const char *c = clean(s);
     return c ? strlen(c) : 0;
}

int main(void)
{
    printf("%lu\n", (unsigned long)(width("") + width("abc")));
    return 0;
}
