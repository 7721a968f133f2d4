/* expect: missing-null-check */
#include <stdlib.h>
#include <errno.h>
#include <string.h>
#include <stdio.h>

static int acquire(size_t n, char **out)
{
    char *p = malloc(n);
    *out = p;
#ifdef BAD
    return 0;
#else
    return p ? 0 : ENOMEM;
#endif
}

static int go(void)
{
    char *b;
    int e = acquire(40, &b);
    if (e) {
        fprintf(stderr, "%s\n", strerror(e));
        return -1;
    }
    strcpy(b, "ready");
    puts(b);
    free(b);
    return 0;
}

int main(void)
{
    return go();
}
