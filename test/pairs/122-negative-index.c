/* expect: allocation-size */
#include <stdlib.h>
#include <string.h>

static char *chomp_dup(const char *s)
{
    size_t n = strlen(s);
    char *d = malloc(n + 1);
    if (!d)
        return NULL;
    memcpy(d, s, n + 1);
#ifdef BAD
    if (d[n - 1] == '\n')
#else
    if (n > 0 && d[n - 1] == '\n')
#endif
        d[n - 1] = 0;
    return d;
}

int main(void)
{
    free(chomp_dup("line\n"));
    free(chomp_dup(""));
    return 0;
}
