/* expect: use-after-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

struct plugin { int id; void (*run)(struct plugin *); };
struct registry { struct plugin *p[8]; int n; };

static void hello(struct plugin *p) { printf("plugin %d\n", p->id); }

static int reg_add(struct registry *r, int id)
{
    struct plugin *p = malloc(sizeof *p);
    if (!p || r->n == 8) {
        free(p);
        return -1;
    }
    p->id = id;
    p->run = hello;
    r->p[r->n++] = p;
    return 0;
}

static void reg_remove(struct registry *r, int i)
{
    free(r->p[i]);
#ifdef BAD
    if (i == r->n - 1)
        r->n--;
#else
    r->p[i] = r->p[--r->n];
#endif
}

static void reg_run(struct registry *r)
{
    int i;
    for (i = 0; i < r->n; i++)
        r->p[i]->run(r->p[i]);
}

int main(void)
{
    struct registry r = { { 0 }, 0 };
    int i;
    for (i = 0; i < 3; i++)
        reg_add(&r, i);
    reg_remove(&r, 0);
    reg_run(&r);
    while (r.n > 0)
        reg_remove(&r, r.n - 1);
    return 0;
}
