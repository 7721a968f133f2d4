/* expect: null-dereference */
#include <stdio.h>
#include <stddef.h>

struct pkt { int len; unsigned char b[8]; };

static int sum(const struct pkt *p)
{
    int i, s = 0;
#ifdef BAD
    int n = p->len;
#else
    int n;
#endif
    if (p == NULL)
        return 0;
#ifndef BAD
    n = p->len;
#endif
    for (i = 0; i < n; i++)
        s += p->b[i];
    return s;
}

int main(void)
{
    struct pkt k = { 2, { 1, 2 } };
    printf("%d\n", sum(&k) + sum(NULL));
    return 0;
}
