/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

#define F_DUP 4u
struct item { unsigned flags; char *label; };

static int item_owns(const struct item *it)
{
    return (it->flags & F_DUP) != 0;
}

static int show(const char *s, int dup)
{
    struct item it;
    it.flags = 0;
    it.label = (char *)s;
    if (dup) {
        it.label = strdup(s);
        if (!it.label)
            return -1;
#ifdef BAD
        it.flags |= 2u;
#else
        it.flags |= F_DUP;
#endif
    }
    puts(it.label);
    if (item_owns(&it))
        free(it.label);
    return 0;
}

int main(void)
{
    show("a", 0);
    show("b", 1);
    return 0;
}
