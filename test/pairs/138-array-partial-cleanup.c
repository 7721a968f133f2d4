/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>

static char **dup_all(const char **s, int n)
{
    int i;
    char **v = malloc(n * sizeof(char *));
    if (!v)
        return NULL;
    for (i = 0; i < n; i++) {
        v[i] = strdup(s[i]);
        if (!v[i]) {
#ifndef BAD
            while (--i >= 0)
                free(v[i]);
#endif
            free(v);
            return NULL;
        }
    }
    return v;
}

int main(void)
{
    const char *a[] = { "x", "y", "z" };
    int i;
    char **v = dup_all(a, 3);
    if (!v)
        return 1;
    for (i = 0; i < 3; i++)
        free(v[i]);
    free(v);
    return 0;
}
