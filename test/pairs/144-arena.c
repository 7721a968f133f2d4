/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

struct chunk { struct chunk *prev; size_t used; char mem[256]; };
struct arena { struct chunk *top; };

static void *arena_get(struct arena *a, size_t n)
{
    void *p;
    n = (n + 15) & ~(size_t)15;
    if (n > 256)
        return NULL;
    if (!a->top || a->top->used + n > 256) {
        struct chunk *c = malloc(sizeof *c);
        if (!c)
            return NULL;
        c->prev = a->top;
        c->used = 0;
        a->top = c;
    }
    p = a->top->mem + a->top->used;
    a->top->used += n;
    return p;
}

static void arena_drop(struct arena *a)
{
#ifdef BAD
    free(a->top);
    a->top = NULL;
#else
    while (a->top) {
        struct chunk *p = a->top->prev;
        free(a->top);
        a->top = p;
    }
#endif
}

int main(void)
{
    struct arena a = { NULL };
    int i;
    for (i = 0; i < 40; i++) {
        char *s = arena_get(&a, 20);
        if (s)
            sprintf(s, "item %d", i);
    }
    arena_drop(&a);
    return 0;
}
