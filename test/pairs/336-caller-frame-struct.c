/* expect: stack-address-escape */
#include <stdio.h>
#include <string.h>

struct cursor { const char *at, *end; struct cursor *outer; };
struct parser { struct cursor *cur; int depth; };

static int parse(struct parser *p, const char *s, int nest)
{
    struct cursor c;
    int n = 0;
    c.at = s;
    c.end = s + strlen(s);
    c.outer = p->cur;
    p->cur = &c;
    p->depth++;
    for (; p->cur->at < p->cur->end; p->cur->at++) {
        if (*p->cur->at == '(' && nest < 3)
            n += parse(p, "xx", nest + 1);
        n++;
    }
    p->depth--;
#ifdef BAD
    if (p->depth == 0)
        p->cur = c.outer;
#else
    p->cur = c.outer;
#endif
    return n;
}

int main(void)
{
    struct parser p = { NULL, 0 };
    printf("%d\n", parse(&p, "a(b", 0));
    return 0;
}
