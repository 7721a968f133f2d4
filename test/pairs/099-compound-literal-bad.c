/* expect: stack-address-escape at 9 */
#include <stdio.h>
#include <stdlib.h>

struct cfg { int depth, width; };

static struct cfg *defaults(void)
{
     return &(struct cfg){ .depth = 4, .width = 80 };
}

int main(void)
{
    struct cfg *c = defaults();
    printf("%d\n", c->depth * c->width);
    return 0;
}
