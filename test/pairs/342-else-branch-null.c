/* expect: null-dereference */
#include <stdio.h>
#include <string.h>

struct theme { int fg, bg; };
static const struct theme dark = { 7, 0 }, light = { 0, 7 };

static int contrast(const char *n)
{
    const struct theme *t = NULL;
    if (strcmp(n, "dark") == 0)
        t = &dark;
    else if (strcmp(n, "light") == 0)
        t = &light;
    else
        fprintf(stderr, "no theme %s\n", n);
#ifdef BAD
    return t->fg - t->bg;
#else
    return t ? t->fg - t->bg : 0;
#endif
}

int main(void)
{
    printf("%d\n", contrast("dark"));
    printf("%d\n", contrast("sepia"));
    return 0;
}
