/* expect: mismatched-deallocator */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

struct hdr { size_t n; };

static void *xalloc(size_t n)
{
    struct hdr *h = malloc(sizeof *h + n);
    if (!h)
        abort();
    h->n = n;
    return h + 1;
}

static void xfree(void *p)
{
    if (p)
        free((struct hdr *)p - 1);
}

int main(void)
{
    char *s = xalloc(16);
    strcpy(s, "data");
    puts(s);
#ifdef BAD
    free(s);
#else
    xfree(s);
#endif
    return 0;
}
