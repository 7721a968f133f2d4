/* expect: null-dereference */
#include <stdlib.h>
#include <stdio.h>

struct n { int key; struct n *next; };
static struct n tail_ = { 0x7fffffff, NULL };

static struct n *insert(struct n *h, int k)
{
    struct n **pp = &h, *e = malloc(sizeof *e);
    if (!e)
        return h;
    e->key = k;
    while ((*pp)->key < k)
        pp = &(*pp)->next;
    e->next = *pp;
    *pp = e;
    return h;
}

int main(void)
{
#ifdef BAD
    struct n *h = NULL;
#else
    struct n *h = &tail_;
#endif
    int i;
    for (i = 5; i > 0; i--)
        h = insert(h, i * 3 % 7);
    while (h && h != &tail_) {
        struct n *x = h->next;
        printf("%d ", h->key);
        free(h);
        h = x;
    }
    return 0;
}
