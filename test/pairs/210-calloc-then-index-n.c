/* expect: allocation-size */
#include <stdlib.h>

static int count_marks(const int *days, int n)
{
    int i, c = 0;
#ifdef BAD
    char *seen = calloc(31, 1);
#else
    char *seen = calloc(32, 1);
#endif
    if (!seen)
        return -1;
    for (i = 0; i < n; i++)
        seen[days[i]] = 1;
    for (i = 1; i <= 31; i++)
        c += seen[i];
    free(seen);
    return c;
}

int main(void)
{
    int d[] = { 1, 15, 31, 15 };
    return count_marks(d, 4) == 9;
}
