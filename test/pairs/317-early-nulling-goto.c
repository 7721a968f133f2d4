/* expect: double-free */
#include <stdlib.h>
#include <string.h>

struct obj { char *a; char *b; };

static int obj_make(struct obj **out)
{
    struct obj *o = NULL;
    char *a = NULL, *b = NULL;
    int rc = -1;
    a = strdup("a");
    if (!a)
        goto done;
    b = strdup("b");
    if (!b)
        goto done;
    o = malloc(sizeof *o);
    if (!o)
        goto done;
    o->a = a;
    o->b = b;
#ifdef BAD
    a = NULL;
#else
    a = b = NULL;
#endif
    *out = o;
    rc = 0;
done:
    free(a);
    free(b);
    return rc;
}

int main(void)
{
    struct obj *o;
    if (obj_make(&o) < 0)
        return 1;
    free(o->a);
    free(o->b);
    free(o);
    return 0;
}
