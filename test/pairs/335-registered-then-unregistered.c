/* expect: stack-address-escape */
#include <stdio.h>

struct obs { void (*fn)(void *); void *u; struct obs *next; };
static struct obs *observers;

static void attach(struct obs *o) { o->next = observers; observers = o; }
static void detach(struct obs *o)
{
    struct obs **p = &observers;
    while (*p && *p != o)
        p = &(*p)->next;
    if (*p)
        *p = o->next;
}
static void notify(void)
{
    struct obs *o;
    for (o = observers; o; o = o->next)
        o->fn(o->u);
}
static void inc(void *u) { ++*(int *)u; }

static int counted(void)
{
    int n = 0;
    struct obs o = { inc, &n, NULL };
    attach(&o);
    notify();
#ifdef BAD
    if (n > 3)
        detach(&o);
#else
    detach(&o);
#endif
    return n;
}

int main(void)
{
    int r = counted();
    notify();
    return r == 7;
}
