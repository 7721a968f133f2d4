/* expect: stack-address-escape */
#include <stdio.h>

struct node { int v; struct node *next; };

#ifdef BAD
 static struct node *second(struct node list)
#else
 static struct node *second(struct node *list)
#endif
{
#ifdef BAD
    if (!list.next)
        return &list;
    return list.next;
#else
    if (!list->next)
        return list;
    return list->next;
#endif
}

int main(void)
{
    struct node a = { 5, 0 };
#ifdef BAD
    printf("%d\n", second(a)->v);
#else
    printf("%d\n", second(&a)->v);
#endif
    return 0;
}
