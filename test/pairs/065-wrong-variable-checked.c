/* expect: missing-null-check */
#include <stdlib.h>
#include <string.h>

static int diff(int n)
{
    int i, d = 0;
    int *prev = malloc(n * sizeof(int));
    int *curr;
    if (!prev)
        return -1;
    curr = malloc(n * sizeof(int));
#ifdef BAD
    if (!prev) {
#else
    if (!curr) {
#endif
        free(prev);
        return -1;
    }
    for (i = 0; i < n; i++) {
        prev[i] = i;
        curr[i] = i * i;
        d += curr[i] - prev[i];
    }
    free(prev);
    free(curr);
    return d;
}

int main(void)
{
    return diff(6) == 1;
}
