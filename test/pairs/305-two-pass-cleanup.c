/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>

struct res { void *p; void (*drop)(void *); };
struct scope { struct res r[8]; int n; };

static void *scope_add(struct scope *s, void *p, void (*drop)(void *))
{
    if (p && s->n < 8) {
        s->r[s->n].p = p;
        s->r[s->n++].drop = drop;
        return p;
    }
    if (p)
        drop(p);
    return NULL;
}

static void scope_exit(struct scope *s)
{
    while (s->n > 0) {
        s->n--;
#ifdef BAD
        if (s->n > 0)
#endif
            s->r[s->n].drop(s->r[s->n].p);
    }
}

static int work(void)
{
    struct scope s;
    char *a, *b;
    int r = -1;
    s.n = 0;
    a = scope_add(&s, strdup("abc"), free);
    b = scope_add(&s, malloc(10), free);
    if (a && b) {
        strcpy(b, a);
        r = (int)strlen(b);
    }
    scope_exit(&s);
    return r;
}

int main(void)
{
    return work() == 44;
}
