/* expect: null-dereference */
#include <stdlib.h>
#include <stdio.h>

static int maxof(const int *v, int n)
{
    const int *best = NULL;
    int i, seen = 0;
    for (i = 0; i < n; i++) {
        if (v[i] < 0)
            continue;
        if (!seen++ || v[i] > *best)
            best = &v[i];
    }
#ifdef BAD
    if (n > 0)
#else
    if (seen)
#endif
        return *best;
    return -1;
}

int main(void)
{
    int a[] = { 3, -1, 7 }, b[] = { -2, -3 };
    printf("%d %d\n", maxof(a, 3), maxof(b, 2));
    return 0;
}
