/* expect: missing-null-check */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

static void die(const char *m)
{
    fprintf(stderr, "fatal: %s\n", m);
    abort();
}

static void *xmalloc(size_t n)
{
    void *p = malloc(n);
    if (!p)
#ifdef BAD
        fprintf(stderr, "fatal: %s\n", "no memory");
#else
        die("no memory");
#endif
    return p;
}

static char *xstrdup(const char *s)
{
    size_t n = strlen(s) + 1;
    return memcpy(xmalloc(n), s, n);
}

int main(void)
{
    int *v = xmalloc(3 * sizeof *v);
    char *s = xstrdup("text");
    v[0] = v[1] = v[2] = (int)strlen(s);
    printf("%d\n", v[2]);
    free(v);
    free(s);
    return 0;
}
