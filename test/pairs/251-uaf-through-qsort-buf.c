/* expect: use-after-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static int cmp(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int uniq(char **v, int n)
{
    int i, k = 0;
    qsort(v, n, sizeof *v, cmp);
    for (i = 1; i < n; i++) {
        if (strcmp(v[k], v[i]) == 0) {
#ifdef BAD
            free(v[k]);
#else
            free(v[i]);
#endif
            continue;
        }
        v[++k] = v[i];
    }
    return n ? k + 1 : 0;
}

int main(void)
{
    const char *w[] = { "b", "a", "b", "b" };
    char *v[4];
    int i, n = 0;
    for (i = 0; i < 4; i++)
        if ((v[n] = strdup(w[i])) != NULL)
            n++;
    n = uniq(v, n);
    for (i = 0; i < n; i++) {
        puts(v[i]);
        free(v[i]);
    }
    return 0;
}
