#include <stdio.h>
#include <stdlib.h>

struct cfg { int depth, width; };

static struct cfg *defaults(void)
{
     static struct cfg d = { .depth = 4, .width = 80 };
     return &d;
}

int main(void)
{
    struct cfg *c = defaults();
    printf("%d\n", c->depth * c->width);
    return 0;
}
