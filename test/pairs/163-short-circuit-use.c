/* expect: use-after-free */
#include <stdlib.h>
#include <string.h>

struct tok { int kind; struct tok *peek; };

static int release(struct tok *t)
{
    free(t);
    return 0;
}

static int accept(int kind)
{
    struct tok *t = calloc(1, sizeof *t);
    int r;
    if (!t)
        return -1;
    t->kind = kind;
#ifdef BAD
    r = release(t) == 0 && t->kind == 3;
#else
    r = t->kind == 3;
    release(t);
#endif
    return r;
}

int main(void)
{
    return accept(3) + accept(4) == 7;
}
