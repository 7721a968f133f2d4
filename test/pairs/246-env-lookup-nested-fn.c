/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static int want_free;

static char *expand(char *s)
{
    char *d;
    want_free = 0;
    if (s[0] != '~')
        return s;
    d = malloc(strlen(s) + 6);
    if (!d)
        return s;
    sprintf(d, "/home%s", s + 1);
    want_free = 1;
    return d;
}

static void visit(char *s)
{
    char *e = expand(s);
    puts(e);
#ifdef BAD
    if (e == s && want_free)
#else
    if (e != s)
#endif
        free(e);
}

int main(void)
{
    char a[] = "/tmp/x", b[] = "~/x";
    visit(a);
    visit(b);
    return 0;
}
