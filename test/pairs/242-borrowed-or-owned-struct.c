/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

struct str { char *p; unsigned len; unsigned owned : 1; };

static struct str str_lit(const char *s)
{
    struct str r = { (char *)s, (unsigned)strlen(s), 0 };
    return r;
}

static struct str str_cat(struct str a, struct str b)
{
    struct str r = { NULL, 0, 0 };
    r.p = malloc(a.len + b.len + 1);
    if (!r.p)
        return str_lit("");
    memcpy(r.p, a.p, a.len);
    memcpy(r.p + a.len, b.p, b.len);
    r.len = a.len + b.len;
    r.p[r.len] = 0;
    r.owned = 1;
    return r;
}

static void str_free(struct str s)
{
    if (s.owned)
        free(s.p);
}

int main(void)
{
    struct str a = str_lit("foo"), b = str_lit("bar");
    struct str c = str_cat(a, b);
#ifdef BAD
    c = str_cat(c, b);
#else
    struct str d = str_cat(c, b);
    str_free(c);
    c = d;
#endif
    printf("%s\n", c.p);
    str_free(c);
    return 0;
}
