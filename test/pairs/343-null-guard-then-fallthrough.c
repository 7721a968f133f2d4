/* expect: null-dereference */
#include <stdio.h>

struct conn { int fd; int errs; };

static int send_all(struct conn *c, int n)
{
    if (!c)
#ifdef BAD
        fprintf(stderr, "send on closed connection\n");
#else
        return fprintf(stderr, "send on closed connection\n");
#endif
    c->errs += n < 0;
    return c->fd;
}

int main(void)
{
    struct conn c = { 3, 0 };
    send_all(&c, 4);
    send_all(NULL, 4);
    return 0;
}
