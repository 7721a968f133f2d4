/* expect: uninitialized-heap-read */
#include <stdlib.h>
#include <stdio.h>

static int histogram(const unsigned char *s, int n)
{
    int i, max = 0;
#ifdef BAD
    int *h = malloc(256 * sizeof *h);
#else
    int *h = calloc(256, sizeof *h);
#endif
    if (!h)
        return -1;
    for (i = 0; i < n; i++)
        h[s[i]]++;
    for (i = 0; i < 256; i++)
        if (h[i] > max)
            max = h[i];
    free(h);
    return max;
}

int main(void)
{
    printf("%d\n", histogram((const unsigned char *)"mississippi", 11));
    return 0;
}
