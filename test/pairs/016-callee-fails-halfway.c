/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>

typedef struct { char *host; char *path; int port; } url_t;

static int url_parse(const char *s, url_t *u)
{
    const char *slash = strchr(s, '/');
    memset(u, 0, sizeof *u);
    if (!slash)
        return -1;
    u->host = strndup(s, slash - s);
    if (!u->host)
        return -1;
    u->path = strdup(slash);
#ifdef BAD
    if (!u->path)
#else
    if (!u->path) {
        free(u->host);
#endif
        return -1;
#ifndef BAD
    }
#endif
    u->port = 80;
    return 0;
}

static void url_free(url_t *u)
{
    free(u->host);
    free(u->path);
}

static int try_url(const char *s)
{
    url_t u;
    if (url_parse(s, &u) < 0)
        return 1;
    url_free(&u);
    return 0;
}

int main(void)
{
    int bad = try_url("example.org/index.html");
    bad += try_url("nothing") + try_url("localhost/");
    return bad;
}
