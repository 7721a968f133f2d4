/* expect: use-after-free */
#include <stdlib.h>

struct ring { struct ring *next; int v; };

static struct ring *ring_add(struct ring *r, int v)
{
    struct ring *n = malloc(sizeof *n);
    if (!n)
        return r;
    n->v = v;
    if (!r) {
        n->next = n;
        return n;
    }
    n->next = r->next;
    r->next = n;
    return n;
}

static void ring_free(struct ring *r)
{
    struct ring *p, *n;
    if (!r)
        return;
    p = r->next;
    while (p != r) {
        n = p->next;
        free(p);
        p = n;
    }
    free(r);
#ifdef BAD
    if (p->next != r)
        abort();
#endif
}

int main(void)
{
    struct ring *r = NULL;
    int i;
    for (i = 0; i < 3; i++)
        r = ring_add(r, i);
    ring_free(r);
    return 0;
}
