/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>

struct set { char *a; int n; };

static void set_add(struct set *s)
{
    s->a = malloc(4);
    if (s->a) {
        s->a[0] = 1;
        s->n++;
    }
}

static int run(int k)
{
    struct set s = { NULL, 0 };
    set_add(&s);
    if (s.n == 0)
        return -1;
#ifdef BAD
    if (k > 3)
        return 3;
#endif
    k += s.a[0];
    free(s.a);
    return k;
}

int main(void)
{
    return run(1) + run(5) == 3;
}
