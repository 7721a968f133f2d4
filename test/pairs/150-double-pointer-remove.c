/* expect: memory-leak */
#include <stdlib.h>
#include <stdio.h>

struct ent { struct ent *next; int id; };

static struct ent *add(struct ent **h, int id)
{
    struct ent *e = malloc(sizeof(*e));
    if (!e)
        return NULL;
    e->id = id;
    e->next = *h;
    return *h = e;
}

static int del(struct ent **h, int id)
{
    struct ent **pp, *e;
    for (pp = h; (e = *pp) != NULL; pp = &e->next) {
        if (e->id == id) {
            *pp = e->next;
#ifndef BAD
            free(e);
#endif
            return 1;
        }
    }
    return 0;
}

int main(void)
{
    struct ent *h = NULL;
    int i;
    for (i = 0; i < 4; i++)
        add(&h, i);
    printf("%d\n", del(&h, 2));
    while (h)
        del(&h, h->id);
    return 0;
}
