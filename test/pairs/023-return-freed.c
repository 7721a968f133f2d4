/* expect: use-after-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static char *trim(const char *s)
{
    char *c = strdup(s), *e;
    if (!c)
        return NULL;
    e = c + strlen(c);
    while (e > c && e[-1] == ' ')
        *--e = 0;
    if (*c == 0) {
        free(c);
#ifdef BAD
        return c;
#else
        return NULL;
#endif
    }
    return c;
}

int main(void)
{
    char *a = trim("abc  ");
    char *b = trim("   ");
    if (a)
        puts(a);
    if (b)
        puts(b);
    free(a);
#ifdef BAD
    if (b && *b)
        free(b);
#else
    free(b);
#endif
    return 0;
}
