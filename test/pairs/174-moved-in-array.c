/* expect: double-free */
#include <stdlib.h>
#include <string.h>

struct vec { char **v; size_t n, cap; };

static int vec_push(struct vec *x, char *s)
{
    if (x->n == x->cap) {
        size_t nc = x->cap ? 2 * x->cap : 4;
        char **t = realloc(x->v, nc * sizeof *t);
        if (!t)
            return -1;
        x->v = t;
        x->cap = nc;
    }
    x->v[x->n++] = s;
    return 0;
}

static void vec_free(struct vec *x)
{
    size_t i;
    for (i = 0; i < x->n; i++)
        free(x->v[i]);
    free(x->v);
}

int main(void)
{
    struct vec x = { 0 };
    int i;
    for (i = 0; i < 6; i++) {
        char *s = strdup("element");
        if (!s)
            break;
        if (vec_push(&x, s) < 0) {
            free(s);
            break;
        }
#ifdef BAD
        if (i == 5)
            free(s);
#endif
    }
    vec_free(&x);
    return 0;
}
