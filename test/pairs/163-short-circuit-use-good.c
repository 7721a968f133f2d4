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
     r = t->kind == 3;
     release(t);
    return r;
}

int main(void)
{
    return accept(3) + accept(4) == 7;
}
