/* expect: null-dereference */
#include <stdlib.h>
#include <stdio.h>

struct n { int v; struct n *next; };

static int last(struct n *h)
{
    struct n *p = NULL;
    for (; h; h = h->next)
        p = h;
#ifdef BAD
    return p->v;
#else
    return p ? p->v : -1;
#endif
}

int main(void)
{
    struct n b = { 2, NULL }, a = { 1, &b };
    printf("%d\n", last(&a));
    printf("%d\n", last(NULL));
    return 0;
}
