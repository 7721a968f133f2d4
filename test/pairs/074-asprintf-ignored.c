/* expect: null-dereference */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int banner(const char *who)
{
    char *s = NULL;
    int n;
    n = asprintf(&s, "*** %s ***", who);
#ifndef BAD
    if (n < 0)
        return -1;
#endif
    n = (int)strlen(s);
    puts(s);
    free(s);
    return n;
}

int main(void)
{
    return banner("sale") > 100;
}
