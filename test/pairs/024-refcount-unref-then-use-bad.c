/* expect: use-after-free at 31 */
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
     b = a;
    obj_unref(a);
    printf("%d\n", b->value);
     b = NULL;
    return 0;
}
