/* expect: missing-null-check */
#include <stdlib.h>
#include <string.h>

struct bufs { char *in, *out; };

static int bufs_open(struct bufs *b, size_t n)
{
    int ok = 1;
    b->in = malloc(n);
#ifdef BAD
    ok &= n > 0;
#else
    ok &= b->in != NULL;
#endif
    b->out = malloc(n);
    ok &= b->out != NULL;
    return ok;
}

static void bufs_close(struct bufs *b)
{
    free(b->in);
    free(b->out);
}

static int run(void)
{
    struct bufs b;
    int r;
    if (!bufs_open(&b, 8)) {
        bufs_close(&b);
        return -1;
    }
    memset(b.in, 1, 8);
    memset(b.out, 2, 8);
    r = b.in[0] + b.out[0];
    bufs_close(&b);
    return r;
}

int main(void)
{
    return run() == 9;
}
