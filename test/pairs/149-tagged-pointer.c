/* expect: memory-leak */
#include <stdlib.h>
#include <stdint.h>
#include <stdio.h>

typedef uintptr_t val;
#define IS_BOX(v) ((v) & 1)
#define BOX(p) ((uintptr_t)(p) | 1)
#define UNBOX(v) ((double *)((v) & ~(uintptr_t)1))

static val mk_real(double d)
{
    double *b = malloc(sizeof d);
    if (!b)
        return 0;
    *b = d;
    return BOX(b);
}

static void drop(val v)
{
#ifdef BAD
    if (!IS_BOX(v))
#else
    if (IS_BOX(v))
#endif
        free(UNBOX(v));
}

int main(void)
{
    val v = mk_real(2.5);
    if (IS_BOX(v))
        printf("%f\n", *UNBOX(v));
#ifdef BAD
    drop(v & ~(uintptr_t)1 ? 0 : v);
#else
    drop(v);
#endif
    return 0;
}
