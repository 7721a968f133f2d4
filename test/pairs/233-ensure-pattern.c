/* expect: missing-null-check */
#include <stdlib.h>
#include <string.h>

struct buf { unsigned char *d; size_t n, cap; int oom; };

static int ensure(struct buf *b, size_t more)
{
    unsigned char *t;
    if (b->oom)
        return 0;
    if (b->n + more <= b->cap)
        return 1;
    t = realloc(b->d, (b->n + more) * 2);
    if (!t) {
        b->oom = 1;
        return 0;
    }
    b->d = t;
    b->cap = (b->n + more) * 2;
    return 1;
}

static void put_u8(struct buf *b, unsigned v)
{
#ifdef BAD
    ensure(b, 1);
#else
    if (ensure(b, 1))
#endif
        b->d[b->n++] = (unsigned char)v;
}

int main(void)
{
    struct buf b = { 0 };
    int i;
    for (i = 0; i < 50; i++)
        put_u8(&b, i);
    free(b.d);
    return 0;
}
