/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

struct strbuf { char *s; size_t len; };

static int sb_init(struct strbuf *b, const char *s)
{
    b->s = strdup(s);
    b->len = b->s ? strlen(s) : 0;
    return b->s ? 0 : -1;
}

static char *sb_steal(struct strbuf *b)
{
    char *r = b->s;
    b->s = NULL;
    b->len = 0;
    return r;
}

static void sb_free(struct strbuf *b)
{
    free(b->s);
    b->s = NULL;
}

static int show(const char *in)
{
    struct strbuf b;
    char *t;
    if (sb_init(&b, in) < 0)
        return -1;
    t = sb_steal(&b);
    sb_free(&b);
    puts(t);
#ifdef BAD
    sb_free(&b);
#else
    free(t);
#endif
    return 0;
}

int main(void)
{
    return show("stolen");
}
