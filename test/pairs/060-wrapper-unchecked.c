/* expect: missing-null-check */
#include <stdlib.h>
#include <string.h>

static void *zalloc(size_t n)
{
    void *p = malloc(n);
    if (p)
        memset(p, 0, n);
    return p;
}

struct ctx { int state; char name[20]; };

static struct ctx *ctx_new(const char *name)
{
    struct ctx *c = zalloc(sizeof(struct ctx));
#ifndef BAD
    if (!c)
        return NULL;
#endif
    c->state = 1;
    strncpy(c->name, name, sizeof c->name - 1);
    return c;
}

int main(void)
{
    struct ctx *c = ctx_new("main");
    free(c);
    return 0;
}
