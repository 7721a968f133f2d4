/* expect: use-after-free */
#include <stdlib.h>
#include <stdio.h>

struct ev { struct ev *next; int due; };

static struct ev *schedule(struct ev *l, int due)
{
    struct ev *e = malloc(sizeof *e);
    if (!e)
        return l;
    e->due = due;
    e->next = l;
    return e;
}

static struct ev *expire(struct ev *head, int now)
{
    struct ev **p = &head;
    while (*p) {
        struct ev *e = *p;
        if (e->due <= now) {
#ifndef BAD
            *p = e->next;
#endif
            free(e);
#ifdef BAD
            *p = e->next;
#endif
        } else {
            p = &e->next;
        }
    }
    return head;
}

int main(void)
{
    struct ev *l = NULL;
    l = schedule(l, 5);
    l = schedule(l, 10);
    l = expire(l, 7);
    l = expire(l, 11);
    return l != NULL;
}
