/* expect: null-dereference */
#include <stdio.h>

struct ops { int (*fn)(int); };
static int inc(int x) { return x + 1; }
static int dec(int x) { return x - 1; }
static const struct ops OI = { inc }, OD = { dec };

static const struct ops *ops_for(char c)
{
    const struct ops *o;
    switch (c) {
    case '+': o = &OI; break;
    case '-': o = &OD; break;
    default: o = NULL; break;
    }
    return o;
}

static int apply(const char *prog)
{
    int x = 0;
    for (; *prog; prog++) {
        const struct ops *o = ops_for(*prog);
#ifndef BAD
        if (!o)
            continue;
#endif
        x = o->fn(x);
    }
    return x;
}

int main(void)
{
    printf("%d\n", apply("++-+?"));
    return 0;
}
