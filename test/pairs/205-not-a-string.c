/* expect: allocation-size */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

struct slice { char *p; size_t n; };

static int slice_from(struct slice *s, const char *text)
{
    s->n = strlen(text);
    s->p = malloc(s->n);
    if (!s->p)
        return -1;
#ifdef BAD
    strcpy(s->p, text);
#else
    memcpy(s->p, text, s->n);
#endif
    return 0;
}

int main(void)
{
    struct slice s;
    if (slice_from(&s, "sixteen bytes ok") < 0)
        return 1;
    printf("%.*s\n", (int)s.n, s.p);
    free(s.p);
    return 0;
}
