/* expect: use-after-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static int drop_line(char **pp)
{
    int n = (int)strlen(*pp);
    free(*pp);
#ifndef BAD
    *pp = NULL;
#endif
    return n;
}

static void report(const char *s)
{
    char *l = strdup(s);
    int n;
    if (!l)
        return;
    n = drop_line(&l);
#ifdef BAD
    printf("%d chars: %s\n", n, l);
#else
    printf("%d chars: %s\n", n, l ? l : "(gone)");
#endif
}

int main(void)
{
    report("abc");
    return 0;
}
