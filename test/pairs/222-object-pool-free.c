/* expect: invalid-free */
#include <stdlib.h>
#include <stdio.h>

#define NOBJ 8
struct obj { int used, v; };
static struct obj objs[NOBJ];

static struct obj *obj_get(int v)
{
    int i;
    for (i = 0; i < NOBJ; i++)
        if (!objs[i].used) {
            objs[i].used = 1;
            objs[i].v = v;
            return &objs[i];
        }
    return NULL;
}

static void obj_release(struct obj *o)
{
    o->used = 0;
}

int main(void)
{
    struct obj *o = obj_get(4);
    if (!o)
        return 1;
    printf("%d\n", o->v);
#ifdef BAD
    free(o);
#else
    obj_release(o);
#endif
    return 0;
}
