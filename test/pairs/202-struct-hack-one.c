/* expect: allocation-size */
#include <stdlib.h>
#include <string.h>
#include <stddef.h>

struct sds { unsigned len; char buf[1]; };

static struct sds *sds_new(const char *s)
{
    size_t n = strlen(s);
#ifdef BAD
    struct sds *d = malloc(offsetof(struct sds, buf) + n);
#else
    struct sds *d = malloc(offsetof(struct sds, buf) + n + 1);
#endif
    if (!d)
        return NULL;
    d->len = (unsigned)n;
    memcpy(&d->buf[0], s, n);
    *((char *)d + offsetof(struct sds, buf) + n) = '\0';
    return d;
}

int main(void)
{
    struct sds *d = sds_new("hello, twenty-chars.");
    free(d);
    return 0;
}
