/* expect: memory-leak */
#include <stdlib.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

static char *upcase_dup(const char *s)
{
    size_t i, n = strlen(s);
    char *r = malloc(n + 1);
    if (!r)
        return NULL;
    for (i = 0; i < n; i++)
        r[i] = toupper((unsigned char)s[i]);
    r[n] = 0;
    return r;
}

static void shout(char *name)
{
#ifdef BAD
    upcase_dup(name);
    puts(name);
#else
    char *u = upcase_dup(name);
    if (u)
        puts(u);
    free(u);
#endif
}

int main(void)
{
    char who[] = "bob";
    shout(who);
    return 0;
}
