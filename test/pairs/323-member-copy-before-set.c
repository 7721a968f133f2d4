/* expect: uninitialized-heap-read */
#include <stdlib.h>
#include <stdio.h>

struct cfg { int a, b, sum; };

static struct cfg *cfg_new(int a, int b)
{
    struct cfg *c = malloc(sizeof *c);
    if (!c)
        return NULL;
#ifdef BAD
    c->sum = c->a + c->b;
#endif
    c->a = a;
    c->b = b;
#ifndef BAD
    c->sum = c->a + c->b;
#endif
    return c;
}

int main(void)
{
    struct cfg *c = cfg_new(1, 2);
    if (c && c->sum == 3)
        puts("ok");
    free(c);
    return 0;
}
