/* expect: use-after-free */
#include <stdlib.h>
#include <stdio.h>

struct ent { struct ent *next, *gc; int hp; };
static struct ent *world, *graveyard;

static void add(int hp)
{
    struct ent *e = calloc(1, sizeof *e);
    if (!e)
        return;
    e->hp = hp;
    e->next = world;
    world = e;
}

static void kill_ent(struct ent *e)
{
    struct ent **p;
    for (p = &world; *p != e; p = &(*p)->next)
        ;
    *p = e->next;
#ifdef BAD
    free(e);
#else
    e->gc = graveyard;
    graveyard = e;
#endif
}

static void tick(void)
{
    struct ent *e;
    for (e = world; e; e = e->next)
        if (--e->hp <= 0)
            kill_ent(e);
    while ((e = graveyard) != NULL) {
        graveyard = e->gc;
        free(e);
    }
}

int main(void)
{
    add(1);
    add(2);
    add(1);
    tick();
    tick();
    return world != NULL;
}
