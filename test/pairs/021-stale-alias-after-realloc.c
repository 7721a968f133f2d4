/* expect: use-after-free */
#include <stdlib.h>
#include <string.h>

struct arr { int *a; int n, cap; };

static int *push(struct arr *x, int v)
{
    if (x->n == x->cap) {
        int nc = x->cap ? x->cap * 2 : 2;
        int *na = realloc(x->a, nc * sizeof(int));
        if (!na)
            return NULL;
        x->a = na;
        x->cap = nc;
    }
    x->a[x->n] = v;
    return &x->a[x->n++];
}

int main(void)
{
    struct arr x = { 0 };
    int r = 0, i;
    int *first = push(&x, 7);
    if (first) {
        for (i = 0; i < 100; i++)
            if (!push(&x, i))
                break;
#ifdef BAD
        r = *first;
#else
        r = x.a[0];
#endif
    }
    free(x.a);
    return r == 1;
}
