/* expect: use-after-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

struct msg { char *body; int prio; };

static int msg_init(struct msg *m, const char *t)
{
    m->body = strdup(t);
    m->prio = 1;
    return m->body ? 0 : -1;
}
static void msg_done(struct msg *m)
{
    free(m->body);
    m->body = NULL;
}

int main(void)
{
    struct msg a, b;
    if (msg_init(&a, "hello"))
        return 1;
    b = a;
    b.prio = 2;
#ifndef BAD
    printf("%s\n", b.body);
#endif
    msg_done(&a);
#ifdef BAD
    printf("%s\n", b.body);
#endif
    return 0;
}
