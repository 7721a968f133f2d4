/* expect: allocation-size */
#include <stdlib.h>
#include <stdio.h>

static char *stamp(int y, int m, int d)
{
    char *s = malloc(9);
    if (!s)
        return NULL;
#ifdef BAD
    snprintf(s, 16, "%04d-%02d-%02d", y, m, d);
#else
    snprintf(s, 9, "%04d-%02d-%02d", y, m, d);
#endif
    return s;
}

int main(void)
{
    free(stamp(2024, 5, 17));
    return 0;
}
