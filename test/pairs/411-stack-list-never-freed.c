/* expect: memory-leak */
#include <stdlib.h>
#include <stdio.h>

struct item { struct item *next; int v; };
struct list { struct item *head; int n; };

static int list_add(struct list *l, int v)
{
    struct item *i = malloc(sizeof *i);
    if (!i)
        return -1;
    i->v = v;
    i->next = l->head;
    l->head = i;
    l->n++;
    return 0;
}

static void list_clear(struct list *l)
{
    while (l->head) {
        struct item *n = l->head->next;
        free(l->head);
        l->head = n;
    }
}

static int tally(void)
{
    struct list l = { NULL, 0 };
    if (list_add(&l, 3) < 0)
        return -1;
    printf("%d\n", l.n);
#ifndef BAD
    list_clear(&l);
#endif
    return l.n;
}

int main(void)
{
    return tally() > 5;
}
