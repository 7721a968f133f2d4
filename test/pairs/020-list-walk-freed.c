/* expect: use-after-free */
#include <stdlib.h>

struct node { int v; struct node *next; };

static struct node *cons(int v, struct node *n)
{
    struct node *p = malloc(sizeof *p);
    if (!p)
        abort();
    p->v = v;
    p->next = n;
    return p;
}

static void destroy(struct node *n)
{
#ifdef BAD
    for (; n != NULL; n = n->next)
#else
    while (n != NULL) {
        struct node *t = n->next;
#endif
        free(n);
#ifndef BAD
        n = t;
    }
#endif
}

int main(void)
{
    destroy(cons(1, cons(2, cons(3, NULL))));
    return 0;
}
