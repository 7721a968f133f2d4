#include <stdio.h>

struct node { int v; struct node *next; };

 static struct node *second(struct node *list)
{
     if (!list->next)
         return list;
     return list->next;
}

int main(void)
{
    struct node a = { 5, 0 };
     printf("%d\n", second(&a)->v);
    return 0;
}
