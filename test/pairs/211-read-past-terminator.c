/* expect: allocation-size */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static int pairs(const char *s)
{
    size_t i, n = strlen(s);
    int c = 0;
    char *d = malloc(n);
    if (!d)
        return -1;
    memcpy(d, s, n);
#ifdef BAD
    for (i = 0; i < n; i++)
#else
    for (i = 0; i + 1 < n; i++)
#endif
        c += d[i] == d[i + 1];
    free(d);
    return c;
}

int main(void)
{
    printf("%d\n", pairs("bookkeeper and more.!..!"));
    return 0;
}
