/* expect: invalid-free */
#include <stdlib.h>
#include <stddef.h>

struct list_head { struct list_head *next, *prev; };
#define container_of(p, t, m) ((t *)((char *)(p) - offsetof(t, m)))

struct task { int pid; struct list_head link; };

static struct list_head tasks = { &tasks, &tasks };

static void list_add(struct list_head *n, struct list_head *h)
{
    n->next = h->next;
    n->prev = h;
    h->next->prev = n;
    h->next = n;
}
static void list_del(struct list_head *e)
{
    e->prev->next = e->next;
    e->next->prev = e->prev;
}

static int spawn(int pid)
{
    struct task *t = malloc(sizeof(*t));
    if (!t)
        return -1;
    t->pid = pid;
    list_add(&t->link, &tasks);
    return 0;
}

static void reap_all(void)
{
    while (tasks.next != &tasks) {
        struct list_head *e = tasks.next;
        list_del(e);
#ifdef BAD
        free(e);
#else
        free(container_of(e, struct task, link));
#endif
    }
}

int main(void)
{
    spawn(1);
    spawn(2);
    reap_all();
    return 0;
}
