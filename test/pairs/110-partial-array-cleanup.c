/* expect: uninitialized-heap-read */
#include <stdlib.h>
#include <string.h>

static char **argv_copy(int n, const char **src)
{
    int i;
#ifdef BAD
    char **v = malloc((n + 1) * sizeof *v);
#else
    char **v = calloc(n + 1, sizeof *v);
#endif
    if (!v)
        return NULL;
    for (i = 0; i < n; i++) {
        v[i] = strdup(src[i]);
        if (!v[i])
            goto fail;
    }
    v[n] = NULL;
    return v;
fail:
    for (i = 0; i < n; i++)
        free(v[i]);
    free(v);
    return NULL;
}

int main(void)
{
    const char *a[] = { "ls", "-l", "/" };
    int i;
    char **v = argv_copy(3, a);
    if (!v)
        return 1;
    for (i = 0; v[i]; i++)
        free(v[i]);
    free(v);
    return 0;
}
