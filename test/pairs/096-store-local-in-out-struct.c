/* expect: stack-address-escape */
#include <stdio.h>

struct view { const int *p; int n; };

static void top3(struct view *v, const int *src, int n)
{
#ifdef BAD
    int best[3] = { 0, 0, 0 };
#else
    static int best[3];
#endif
    int i;
    for (i = 0; i < 3 && i < n; i++)
        best[i] = src[n - 1 - i];
    v->p = best;
    v->n = 3;
}

int main(void)
{
    int a[] = { 1, 2, 3, 4 };
    struct view v;
    top3(&v, a, 4);
    printf("%d\n", v.p[0]);
    return 0;
}
