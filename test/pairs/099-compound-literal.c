/* expect: stack-address-escape */
#include <stdio.h>
#include <stdlib.h>

struct cfg { int depth, width; };

static struct cfg *defaults(void)
{
#ifdef BAD
    return &(struct cfg){ .depth = 4, .width = 80 };
#else
    static struct cfg d = { .depth = 4, .width = 80 };
    return &d;
#endif
}

int main(void)
{
    struct cfg *c = defaults();
    printf("%d\n", c->depth * c->width);
    return 0;
}
