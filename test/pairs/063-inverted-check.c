/* expect: null-dereference */
#include <stdlib.h>
#include <stdio.h>

struct acc { long sum; int n; };

static struct acc *acc_new(void)
{
    struct acc *a = malloc(sizeof(struct acc));
#ifdef BAD
    if (a)
#else
    if (!a)
#endif
        return NULL;
    a->sum = 0;
    a->n = 0;
    return a;
}

int main(void)
{
    struct acc *a = acc_new();
    if (a)
        printf("%ld\n", a->sum);
    free(a);
    return 0;
}
