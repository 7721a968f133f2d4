/* expect: null-dereference at 8 */
#include <stdio.h>

struct ent { int key; struct ent *next; };

static struct ent *seek(struct ent *e, int key)
{
     while (e != NULL || e->key != key)
        e = e->next;
    return e;
}

int main(void)
{
    struct ent c = { 3, 0 }, b = { 2, &c }, a = { 1, &b };
    printf("%d\n", seek(&a, 2) ? 1 : 0);
    printf("%d\n", seek(&a, 9) ? 1 : 0);
    return 0;
}
