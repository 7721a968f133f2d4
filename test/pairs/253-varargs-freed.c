/* expect: use-after-free */
#include <stdlib.h>
#include <stdio.h>
#include <stdarg.h>
#include <string.h>

static void free_all(void *first, ...)
{
    va_list ap;
    void *p;
    va_start(ap, first);
    for (p = first; p; p = va_arg(ap, void *))
        free(p);
    va_end(ap);
}

static int go(void)
{
    int n;
    char *a = strdup("one"), *b = strdup("two");
    if (!a || !b) {
        free(a);
        free(b);
        return -1;
    }
#ifndef BAD
    n = (int)strlen(b);
#endif
    free_all(a, b, (void *)NULL);
#ifdef BAD
    n = (int)strlen(b);
#endif
    return n;
}

int main(void)
{
    return go() == 9;
}
