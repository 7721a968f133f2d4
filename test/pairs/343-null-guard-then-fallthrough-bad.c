/* expect: null-dereference at 10 */
#include <stdio.h>

struct conn { int fd; int errs; };

static int send_all(struct conn *c, int n)
{
    if (!c)
         fprintf(stderr, "send on closed connection\n");
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
