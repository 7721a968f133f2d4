/* expect: memory-leak at 26 */
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
     if (e == s && want_free)
        free(e);
}

int main(void)
{
    char a[] = "/tmp/x", b[] = "~/x";
    visit(a);
    visit(b);
    return 0;
}
