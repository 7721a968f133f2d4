/* expect: use-after-free */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

struct conn { int fd; char *peer; };

static struct conn *conn_open(const char *peer)
{
    struct conn *c = malloc(sizeof *c);
    if (!c)
        return NULL;
    c->peer = strdup(peer);
    if (!c->peer) {
        free(c);
        return NULL;
    }
    c->fd = 4;
    return c;
}

static void conn_close(struct conn *c)
{
    if (!c)
        return;
    free(c->peer);
    free(c);
}

static void serve(const char *peer)
{
    struct conn *c = conn_open(peer);
    if (!c)
        return;
#ifndef BAD
    printf("bye %d\n", c->fd);
#endif
    conn_close(c);
#ifdef BAD
    printf("bye %d\n", c->fd);
#endif
}

int main(void)
{
    serve("10.0.0.1");
    return 0;
}
