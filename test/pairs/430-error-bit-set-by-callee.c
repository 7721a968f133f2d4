/* expect: missing-null-check */
#include <stdlib.h>
#include <string.h>

#define ST_ERR 1u
struct enc { unsigned st; unsigned char *out; size_t n; };

static void enc_begin(struct enc *e, size_t n)
{
    e->out = malloc(n);
    e->n = 0;
#ifdef BAD
    if (n == 0)
#else
    if (!e->out)
#endif
        e->st |= ST_ERR;
}

static int run(void)
{
    struct enc e;
    int r;
    e.st = 0;
    enc_begin(&e, 8);
    if (e.st & ST_ERR)
        return -1;
    e.out[e.n++] = 7;
    r = e.out[0];
    free(e.out);
    return r;
}

int main(void)
{
    return run() == 1;
}
