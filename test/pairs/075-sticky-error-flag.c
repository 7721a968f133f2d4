/* expect: missing-null-check */
#include <stdlib.h>
#include <string.h>

struct out { char *p; size_t n; int err; };

static void out_open(struct out *o, size_t n)
{
    o->p = malloc(n);
    o->n = 0;
#ifdef BAD
    o->err = 0;
#else
    o->err = o->p == NULL;
#endif
}

static void out_put(struct out *o, char c)
{
    if (o->err)
        return;
    o->p[o->n++] = c;
}

int main(void)
{
    struct out o;
    const char *s;
    out_open(&o, 32);
    for (s = "hello"; *s; s++)
        out_put(&o, *s);
    free(o.p);
    return 0;
}
