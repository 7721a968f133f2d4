/* expect: use-after-free */
#include <stdlib.h>
#include <stdio.h>
#include <stdatomic.h>

struct buf { atomic_int refs; int data; };
struct holder { struct buf *b; };

static struct buf *buf_new(void)
{
    struct buf *b = malloc(sizeof *b);
    if (b) {
        atomic_init(&b->refs, 1);
        b->data = 5;
    }
    return b;
}
static struct buf *buf_ref(struct buf *b)
{
    atomic_fetch_add(&b->refs, 1);
    return b;
}
static void buf_unref(struct buf *b)
{
    if (b && atomic_fetch_sub(&b->refs, 1) == 1)
        free(b);
}
static void hold(struct holder *h, struct buf *b)
{
    buf_unref(h->b);
#ifdef BAD
    h->b = b;
#else
    h->b = buf_ref(b);
#endif
}

int main(void)
{
    struct holder h = { NULL };
    struct buf *b = buf_new();
    if (!b)
        return 1;
    hold(&h, b);
    buf_unref(b);
    printf("%d\n", h.b->data);
#ifdef BAD
    h.b = NULL;
#else
    buf_unref(h.b);
#endif
    return 0;
}
