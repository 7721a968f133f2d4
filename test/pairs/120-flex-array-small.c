/* expect: allocation-size */
#include <stdlib.h>
#include <string.h>

struct frame { unsigned short len; unsigned char data[]; };

static struct frame *frame_new(const void *p, unsigned short n)
{
#ifdef BAD
    struct frame *f = malloc(sizeof(struct frame));
#else
    struct frame *f = malloc(sizeof(struct frame) + n);
#endif
    if (!f)
        return NULL;
    f->len = n;
    memcpy(f->data, p, n);
    return f;
}

int main(void)
{
    free(frame_new("0123456789012345678901234567", 28));
    return 0;
}
