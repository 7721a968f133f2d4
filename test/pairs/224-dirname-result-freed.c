/* expect: invalid-free */
#include <stdlib.h>
#include <string.h>
#include <libgen.h>
#include <stdio.h>

static void show_dir(const char *p)
{
    char *c = strdup(p), *d;
    if (!c)
        return;
    d = dirname(c);
    puts(d);
#ifdef BAD
    if (d != c)
        free(d);
#endif
    free(c);
}

int main(void)
{
    show_dir("/usr/lib/x");
    show_dir("plain");
    return 0;
}
