/* expect: realloc-leak */
#include <stdlib.h>
#include <string.h>

typedef struct { char *data; size_t len, cap; } sbuf;

static int sbuf_add(sbuf *b, const char *s)
{
    size_t n = strlen(s);
    if (b->len + n + 1 > b->cap) {
        size_t cap = (b->len + n + 1) * 2;
#ifdef BAD
        b->data = realloc(b->data, cap);
        if (b->data == NULL)
#else
        char *nd = realloc(b->data, cap);
        if (nd == NULL)
#endif
            return -1;
#ifndef BAD
        b->data = nd;
#endif
        b->cap = cap;
    }
    memcpy(b->data + b->len, s, n + 1);
    b->len += n;
    return 0;
}

int main(void)
{
    sbuf b = { 0 };
    int i;
    for (i = 0; i < 5; i++)
        if (sbuf_add(&b, "hello, world ") < 0)
            break;
    free(b.data);
    return 0;
}
