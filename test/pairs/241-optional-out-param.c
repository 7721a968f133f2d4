/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static int parse(const char *s, char **err)
{
    if (s[0] == '{')
        return 0;
#ifdef BAD
    {
#else
    if (err) {
#endif
        char *e = malloc(32);
        if (e)
            snprintf(e, 32, "unexpected '%c'", s[0]);
#ifdef BAD
        if (err)
            *err = e;
#else
        *err = e;
#endif
    }
    return -1;
}

int main(void)
{
    char *e = NULL;
    if (parse("[", &e) < 0 && e)
        puts(e);
    free(e);
    parse("x", NULL);
    return 0;
}
