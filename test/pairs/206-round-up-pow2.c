/* expect: allocation-size */
#include <stdlib.h>
#include <string.h>

struct fifo { unsigned mask, in, out; unsigned char *b; };

static unsigned pow2(unsigned n)
{
    unsigned p = 1;
    while (p < n)
        p <<= 1;
    return p;
}

static int fifo_init(struct fifo *f, unsigned want)
{
    unsigned n = pow2(want);
#ifdef BAD
    f->b = malloc(want);
#else
    f->b = malloc(n);
#endif
    if (!f->b)
        return -1;
    f->mask = n - 1;
    f->in = f->out = 0;
    return 0;
}

static void fifo_put(struct fifo *f, int c)
{
    f->b[f->in++ & f->mask] = c;
}

int main(void)
{
    struct fifo f;
    int i;
    if (fifo_init(&f, 20) < 0)
        return 1;
    for (i = 0; i < 100; i++)
        fifo_put(&f, i);
    free(f.b);
    return 0;
}
