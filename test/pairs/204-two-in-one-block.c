/* expect: allocation-size */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static char **split(const char *s, int *n)
{
    size_t len = strlen(s), i;
    int words = 1, k = 0;
    char **v, *d;
    for (i = 0; i < len; i++)
        words += s[i] == ',';
#ifdef BAD
    v = malloc(words * sizeof(char *) + len);
#else
    v = malloc((words + 1) * sizeof(char *) + len + 1);
#endif
    if (!v)
        return NULL;
    d = (char *)(v + words + 1);
    memcpy(d, s, len + 1);
    v[k++] = d;
    for (; *d; d++)
        if (*d == ',') {
            *d = 0;
            v[k++] = d + 1;
        }
    v[k] = NULL;
    *n = k;
    return v;
}

int main(void)
{
    int n, i;
    char **v = split("a,bb,ccc", &n);
    if (!v)
        return 1;
    for (i = 0; i < n; i++)
        puts(v[i]);
    free(v);
    return 0;
}
