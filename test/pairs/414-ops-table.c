/* expect: use-after-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

struct codec { char *(*open)(const char *); int (*peek)(const char *); void (*close)(char *); };

static char *raw_open(const char *s) { return strdup(s); }
static int raw_peek(const char *h) { return h[0]; }
static void raw_close(char *h) { free(h); }

static const struct codec raw = { raw_open, raw_peek, raw_close };

static int first(const char *s)
{
    int c;
    char *h = raw.open(s);
    if (!h)
        return -1;
#ifndef BAD
    c = raw.peek(h);
#endif
    raw.close(h);
#ifdef BAD
    c = raw.peek(h);
#endif
    return c;
}

int main(void)
{
    printf("%d\n", first("abc"));
    return 0;
}
