/* expect: use-after-free */
#include <stdlib.h>
#include <stdio.h>

typedef struct _Obj { int ref_count; int value; } Obj;

static Obj *obj_new(int v)
{
    Obj *o = malloc(sizeof(Obj));
    if (o) {
        o->ref_count = 1;
        o->value = v;
    }
    return o;
}
static Obj *obj_ref(Obj *o) { o->ref_count++; return o; }
static void obj_unref(Obj *o)
{
    if (--o->ref_count == 0)
        free(o);
}

int main(void)
{
    Obj *a = obj_new(5);
    Obj *b;
    if (!a)
        return 1;
#ifdef BAD
    b = a;
#else
    b = obj_ref(a);
#endif
    obj_unref(a);
    printf("%d\n", b->value);
#ifdef BAD
    b = NULL;
#else
    obj_unref(b);
#endif
    return 0;
}
