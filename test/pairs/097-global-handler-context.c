/* expect: stack-address-escape */
#include <stdio.h>

struct hctx { int level; };
static struct hctx *current;

static int nested(int d)
{
    struct hctx c = { d };
#ifndef BAD
    struct hctx *saved = current;
#endif
    current = &c;
    if (d < 3)
        nested(d + 1);
#ifndef BAD
    current = saved;
#endif
    return c.level;
}

int main(void)
{
    nested(0);
    if (current)
        printf("%d\n", current->level);
    return 0;
}
