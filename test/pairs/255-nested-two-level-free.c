/* expect: use-after-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

struct inner { char *txt; };
struct outer { struct inner *in; int n; };

static struct outer *outer_new(const char *t)
{
    struct outer *o = calloc(1, sizeof *o);
    if (!o)
        return NULL;
    o->in = calloc(1, sizeof *o->in);
    if (!o->in || !(o->in->txt = strdup(t))) {
        free(o->in);
        free(o);
        return NULL;
    }
    return o;
}

static void outer_free(struct outer *o)
{
#ifndef BAD
    free(o->in->txt);
#endif
    free(o->in);
#ifdef BAD
    free(o->in->txt);
#endif
    free(o);
}

int main(void)
{
    struct outer *o = outer_new("x");
    if (o)
        outer_free(o);
    return 0;
}
