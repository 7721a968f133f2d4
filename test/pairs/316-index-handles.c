/* expect: use-after-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

struct slot { char *p; unsigned gen; };
static struct slot slots[4];

static unsigned put(const char *s)
{
    unsigned i;
    for (i = 0; i < 4; i++)
        if (!slots[i].p) {
            slots[i].p = strdup(s);
            return slots[i].p ? (slots[i].gen << 8) | i : ~0u;
        }
    return ~0u;
}
static char *get(unsigned h)
{
    struct slot *s;
    if (h == ~0u)
        return NULL;
    s = &slots[h & 3];
    return s->gen == h >> 8 ? s->p : NULL;
}
static void del(unsigned h)
{
    struct slot *s = &slots[h & 3];
    if (!get(h))
        return;
    free(s->p);
#ifdef BAD
    s->gen += s->p == NULL;
#else
    s->p = NULL;
    s->gen++;
#endif
}

int main(void)
{
    unsigned h = put("x");
    char *p;
    if (get(h))
        puts(get(h));
    del(h);
    p = get(h);
    if (p)
        puts(p);
    return 0;
}
