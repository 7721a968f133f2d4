/* expect: null-dereference */
#include <stdio.h>

typedef int (*handler)(int);
static int h_add(int x) { return x + 1; }
static int h_neg(int x) { return -x; }
static handler table[4] = { h_add, NULL, h_neg, NULL };

static int dispatch(unsigned op, int x)
{
#ifdef BAD
    if (op < 4)
#else
    if (op < 4 && table[op])
#endif
        return table[op](x);
    return 0;
}

int main(void)
{
    printf("%d\n", dispatch(0, 1));
    printf("%d\n", dispatch(1, 1));
    return 0;
}
