/* expect: double-free */
#include <stdlib.h>
#include <stdio.h>

struct pool { void *blk[8]; int n; };

static void pool_fill(struct pool *p, int n)
{
    for (p->n = 0; p->n < n; p->n++) {
        p->blk[p->n] = malloc(16);
        if (!p->blk[p->n])
            break;
    }
}

static void pool_free(struct pool *p)
{
    int i;
    for (i = 0; i < p->n; i++)
        free(p->blk[i]);
#ifndef BAD
    p->n = 0;
#endif
}

int main(void)
{
    struct pool p;
    pool_fill(&p, 3);
    pool_free(&p);
    printf("pool empty\n");
    pool_free(&p);
    return 0;
}
