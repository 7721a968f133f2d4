/* expect: use-after-free at 16 */
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
         return c;
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
     if (b && *b)
         free(b);
    return 0;
}
