/* expect: use-after-free */
#include <stdlib.h>
#include <stdio.h>

typedef void (*timer_fn)(void *);
struct timer { timer_fn fn; void *data; };

static void timer_fire(struct timer *t)
{
    if (t->fn)
        t->fn(t->data);
}

struct session { int hits; };

static void on_tick(void *p)
{
    struct session *s = p;
    s->hits++;
}

static void session_end(struct session *s, struct timer *t)
{
#ifndef BAD
    t->fn = NULL;
    t->data = NULL;
#endif
    free(s);
}

int main(void)
{
    struct timer t = { on_tick, NULL };
    struct session *s = calloc(1, sizeof *s);
    if (!s)
        return 1;
    t.data = s;
    timer_fire(&t);
    session_end(s, &t);
    timer_fire(&t);
    return 0;
}
