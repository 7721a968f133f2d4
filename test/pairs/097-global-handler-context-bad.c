/* expect: stack-address-escape at 10 */
#include <stdio.h>

struct hctx { int level; };
static struct hctx *current;

static int nested(int d)
{
    struct hctx c = { d };
    current = &c;
    if (d < 3)
        nested(d + 1);
    return c.level;
}

int main(void)
{
    nested(0);
    if (current)
        printf("%d\n", current->level);
    return 0;
}
