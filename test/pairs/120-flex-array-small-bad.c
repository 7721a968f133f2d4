/* expect: allocation-size at 9, allocation-size at 13 */
#include <stdlib.h>
#include <string.h>

struct frame { unsigned short len; unsigned char data[]; };

static struct frame *frame_new(const void *p, unsigned short n)
{
     struct frame *f = malloc(sizeof(struct frame));
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
