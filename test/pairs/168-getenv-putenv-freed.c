/* expect: use-after-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

struct view { const char *s; size_t n; };

static struct view view_of(const char *s)
{
    struct view v = { s, strlen(s) };
    return v;
}

static int demo(void)
{
    char *text = strdup("key:value");
    struct view v;
    int c;
    if (!text)
        return -1;
    v = view_of(text + 4);
#ifndef BAD
    c = v.s[0];
#endif
    free(text);
#ifdef BAD
    c = v.s[0];
#endif
    return c + (int)v.n;
}

int main(void)
{
    printf("%d\n", demo());
    return 0;
}
