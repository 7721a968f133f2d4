/* expect: missing-null-check */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static int flushed;
static int flush_caches(void) { return ++flushed < 3; }

static void *persistent(size_t n)
{
    void *p;
    while ((p = malloc(n)) == NULL)
        if (!flush_caches())
#ifdef BAD
            break;
#else
            exit(3);
#endif
    return p;
}

int main(void)
{
    int i;
    for (i = 0; i < 3; i++) {
        char *p = persistent(8);
#ifdef BAD
        flushed = 2;
#endif
        memset(p, i, 8);
        free(p);
    }
    return 0;
}
