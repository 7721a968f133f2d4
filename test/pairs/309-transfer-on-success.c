/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>

struct doc { char *buf; size_t n; };

/* takes buf on success */
static int doc_attach(struct doc *d, char *buf, size_t n)
{
    if (n == 0)
        return -1;
    free(d->buf);
    d->buf = buf;
    d->n = n;
    return 0;
}

static int doc_load(struct doc *d, const char *t)
{
    char *b = strdup(t);
    int rc;
    if (!b)
        return -1;
    rc = doc_attach(d, b, strlen(b));
#ifndef BAD
    if (rc < 0)
        free(b);
#endif
    return rc;
}

int main(void)
{
    struct doc d = { NULL, 0 };
    doc_load(&d, "text");
    doc_load(&d, "");
    doc_load(&d, "other");
    free(d.buf);
    return 0;
}
