/* expect: uninitialized-heap-read */
#include <stdlib.h>
#include <stdio.h>

struct m4 { double a[4]; };

static void m4_identity(struct m4 *m)
{
    int i;
#ifdef BAD
    for (i = 1; i < 4; i++)
#else
    for (i = 0; i < 4; i++)
#endif
        m->a[i] = i % 3 == 0;
}

static double trace(const struct m4 *m) { return m->a[0] + m->a[3]; }

int main(void)
{
    double t;
    struct m4 *m = malloc(sizeof *m);
    if (!m)
        return 1;
    m4_identity(m);
    t = trace(m);
    if (t > 1)
        printf("%f\n", t);
    free(m);
    return 0;
}
