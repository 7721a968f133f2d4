/* expect: null-dereference */
#include <stdio.h>
#include <stdlib.h>

struct sock { int fd; const char *label; };

static int sock_read(struct sock *s)
{
    if (s == NULL || s->fd < 0) {
#ifdef BAD
        fprintf(stderr, "bad socket %s\n", s->label);
#else
        fprintf(stderr, "bad socket %s\n", s ? s->label : "(none)");
#endif
        return -1;
    }
    return s->fd;
}

int main(void)
{
    struct sock a = { 3, "a" };
    return sock_read(&a) + sock_read(NULL) > 5;
}
