/* expect: missing-null-check */
#include <stdlib.h>
#include <stdbool.h>
#include <string.h>

struct pair { char *a, *b; };

static bool pair_ok(const struct pair *p)
{
#ifdef BAD
    return p->a != NULL || p->b != NULL;
#else
    return p->a != NULL && p->b != NULL;
#endif
}

static void pair_drop(struct pair *p)
{
    free(p->a);
    free(p->b);
}

static int use(void)
{
    int r;
    struct pair p;
    p.a = strdup("left");
    p.b = strdup("right");
    if (!pair_ok(&p)) {
        pair_drop(&p);
        return -1;
    }
    r = p.a[0] + p.b[0];
    pair_drop(&p);
    return r;
}

int main(void)
{
    return use() == 0;
}
