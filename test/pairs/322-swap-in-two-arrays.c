/* expect: uninitialized-heap-read */
#include <stdlib.h>
#include <stdio.h>

static int last_of(int n)
{
    int i, r, top = 0;
    int *st = malloc(n * sizeof *st);
    if (!st)
        return -1;
    for (i = 0; i < n; i++)
        if (i % 2)
            st[top++] = i;
#ifdef BAD
    r = st[top];
#else
    r = top > 0 ? st[top - 1] : -1;
#endif
    if (r == 3)
        printf("three\n");
    free(st);
    return r;
}

int main(void)
{
    return last_of(5) + last_of(1) == 80;
}
