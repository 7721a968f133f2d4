/* expect: double-free */
#include <stdlib.h>
#include <string.h>

typedef struct { int *v; int n; } set;

static int set_copy(set *d, const set *s)
{
#ifdef BAD
    *d = *s;
#else
    d->n = s->n;
    d->v = malloc(s->n * sizeof(int));
    if (!d->v)
        return -1;
    memcpy(d->v, s->v, s->n * sizeof(int));
#endif
    return 0;
}

static void set_free(set *s)
{
    free(s->v);
    s->v = NULL;
}

int main(void)
{
    set a, b;
    a.n = 3;
    a.v = calloc(3, sizeof(int));
    if (!a.v)
        return 1;
    if (set_copy(&b, &a) == 0)
        set_free(&b);
    set_free(&a);
    return 0;
}
