/* expect: invalid-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

#define OPT_STATIC 1u
#define OPT_DUP 2u

struct str { char *s; int dup; };

static int str_init(struct str *t, char *s, unsigned opt)
{
    t->s = s;
#ifdef BAD
    t->dup = (opt & (OPT_DUP | OPT_STATIC)) != 0;
#else
    t->dup = (opt & OPT_DUP) != 0;
#endif
    if (opt & OPT_DUP) {
        t->s = strdup(s);
        if (!t->s)
            return -1;
    }
    return 0;
}

static int go(void)
{
    struct str t;
    int n;
    if (str_init(&t, "literal", OPT_STATIC) < 0)
        return -1;
    n = (int)strlen(t.s);
    if (t.dup)
        free(t.s);
    return n;
}

int main(void)
{
    return go() == 3;
}
