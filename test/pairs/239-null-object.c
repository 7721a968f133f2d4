/* expect: missing-null-check */
#include <stdlib.h>
#include <stdio.h>

struct logger { int n; void (*put)(struct logger *, const char *); };
static void quiet(struct logger *l, const char *s) { (void)l; (void)s; }
static void loud(struct logger *l, const char *s) { l->n++; puts(s); }
static struct logger nil = { 0, quiet };

static struct logger *logger_new(int on)
{
    struct logger *l = on ? malloc(sizeof *l) : &nil;
#ifdef BAD
    if (l == &nil)
        return l;
#else
    if (!l || l == &nil)
        return &nil;
#endif
    l->n = 0;
    l->put = loud;
    return l;
}

static void logger_free(struct logger *l)
{
    if (l != &nil)
        free(l);
}

int main(void)
{
    int i;
    for (i = 0; i < 2; i++) {
        struct logger *l = logger_new(i);
        l->put(l, "hi");
        logger_free(l);
    }
    return 0;
}
