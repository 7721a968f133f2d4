/* expect: missing-null-check */
#include <stdlib.h>
#include <string.h>
#include <stdbool.h>
#include <stdio.h>

typedef struct { char *base; size_t used, cap; int error; } ostream;

static bool os_failed(const ostream *o)
{
    return o->error != 0;
}

static int demo(const char *s)
{
    ostream o;
    o.used = 0;
    o.cap = strlen(s) + 1;
    o.error = 0;
    o.base = malloc(o.cap);
    if (!o.base)
#ifdef BAD
        o.used = 1;
#else
        o.error = 1;
#endif
    if (os_failed(&o))
        return -1;
    memcpy(o.base, s, o.cap);
    puts(o.base);
    free(o.base);
    return 0;
}

int main(void)
{
    return demo("text");
}
