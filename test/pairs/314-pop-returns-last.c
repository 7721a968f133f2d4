/* expect: use-after-free */
#include <stdlib.h>
#include <stdio.h>

struct fr { struct fr *up; int depth; };

static struct fr *enter(struct fr *up)
{
    struct fr *f = malloc(sizeof *f);
    if (!f)
        return up;
    f->up = up;
    f->depth = up ? up->depth + 1 : 0;
    return f;
}

static struct fr *leave(struct fr *f)
{
    struct fr *u = f->up;
    free(f);
#ifdef BAD
    return f; 
#else
    return u;
#endif
}

int main(void)
{
    struct fr *f = enter(NULL);
    f = enter(f);
    if (!f)
        return 1;
    f = leave(f);
    if (f) {
        printf("%d\n", f->depth);
#ifdef BAD
        f = NULL;
#else
        leave(f);
#endif
    }
    return 0;
}
