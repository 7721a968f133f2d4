/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

#define OWN_NAME 1u
#define OWN_BODY 2u

struct part { const char *name; char *body; unsigned own; };

static int part_set(struct part *p, const char *name, int dup)
{
    if (dup) {
        char *c = strdup(name);
        if (!c)
            return -1;
        p->name = c;
#ifdef BAD
        p->own |= OWN_BODY;
#else
        p->own |= OWN_NAME;
#endif
    } else {
        p->name = name;
        p->own &= ~OWN_NAME;
    }
    return 0;
}

static void part_done(struct part *p)
{
    if (p->own & OWN_NAME)
        free((void *)p->name);
    if (p->own & OWN_BODY)
        free(p->body);
    p->own = 0;
}

int main(void)
{
    struct part a = { NULL, NULL, 0 }, b = { NULL, NULL, 0 };
    part_set(&a, "static", 0);
    part_set(&b, "dynamic", 1);
    if (b.name)
        printf("%s %s\n", a.name, b.name);
    part_done(&a);
    part_done(&b);
    return 0;
}
