/* expect: stack-address-escape */
#include <stdio.h>

struct n { int v; struct n *next; };

static int sum(const struct n *h)
{
    int s = 0;
    for (; h; h = h->next)
        s += h->v;
    return s;
}

static int build(int k)
{
    struct n *head = NULL;
#ifndef BAD
    struct n cells[8];
#endif
    int i;
    for (i = 0; i < k; i++) {
#ifdef BAD
        struct n cell;
        cell.v = i;
        cell.next = head == NULL ? NULL : head;
        head = &cell;
#else
        cells[i].v = i;
        cells[i].next = head;
        head = &cells[i];
#endif
    }
    return sum(head);
}

int main(void)
{
    printf("%d\n", build(1) + build(2) * 0);
    return 0;
}
