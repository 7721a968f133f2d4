/* expect: invalid-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static const char *const month[] = { "Jan", "Feb", "Mar" };

static char *month_name(int m)
{
    char *r;
    if (m >= 0 && m < 3)
#ifdef BAD
        return (char *)month[m];
#else
        return strdup(month[m]);
#endif
    r = malloc(16);
    if (r)
        snprintf(r, 16, "month %d", m);
    return r;
}

int main(void)
{
    int i;
    for (i = 1; i < 5; i += 2) {
        char *n = month_name(i);
        if (n)
            puts(n);
        free(n);
    }
    return 0;
}
