/* expect: null-dereference at 10 */
#include <stdio.h>
#include <stddef.h>

struct pkt { int len; unsigned char b[8]; };

static int sum(const struct pkt *p)
{
    int i, s = 0;
     int n = p->len;
     if (p == NULL)
         return 0;
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
