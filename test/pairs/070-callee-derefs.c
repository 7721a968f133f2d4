/* expect: missing-null-check */
#include <stdlib.h>
#include <stdio.h>

struct pt { int x, y; };

static void pt_set(struct pt *p, int x, int y)
{
    p->x = x;
    p->y = y;
}

static int run(void)
{
    int r;
    struct pt *p = malloc(sizeof *p);
#ifndef BAD
    if (!p)
        return -1;
#endif
    pt_set(p, 3, 4);
    r = p->x * p->y;
    free(p);
    return r;
}

int main(void)
{
    printf("%d\n", run());
    return 0;
}
