/* expect: null-dereference */
#include <stdio.h>

struct ent { int key; struct ent *next; };

static struct ent *seek(struct ent *e, int key)
{
#ifdef BAD
    while (e != NULL || e->key != key)
#else
    while (e != NULL && e->key != key)
#endif
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
