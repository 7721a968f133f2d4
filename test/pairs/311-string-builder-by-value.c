/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

typedef struct { char *s; size_t n, cap; } sb;

static sb sb_put(sb b, char c)
{
    if (b.n + 2 > b.cap) {
        size_t cap = b.cap ? b.cap * 2 : 4;
        char *t = realloc(b.s, cap);
        if (!t)
            return b;
        b.s = t;
        b.cap = cap;
    }
    b.s[b.n++] = c;
    b.s[b.n] = 0;
    return b;
}

int main(void)
{
    sb b = { NULL, 0, 0 };
    const char *p;
    for (p = "builder"; *p; p++)
        b = sb_put(b, *p);
#ifdef BAD
    b = sb_put((sb){ NULL, 0, 0 }, '!');
#else
    b = sb_put(b, '!');
#endif
    if (b.s)
        puts(b.s);
    free(b.s);
    return 0;
}
