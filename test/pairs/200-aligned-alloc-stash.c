/* expect: invalid-free */
#include <stdlib.h>
#include <stdint.h>
#include <string.h>

static void *amalloc(size_t n, size_t al)
{
    void *raw = malloc(n + al - 1 + sizeof(void *));
    uintptr_t u;
    if (!raw)
        return NULL;
    u = ((uintptr_t)raw + sizeof(void *) + al - 1) & ~(uintptr_t)(al - 1);
    ((void **)u)[-1] = raw;
    return (void *)u;
}

static void afree(void *p)
{
#ifdef BAD
    free(p);
#else
    if (p)
        free(((void **)p)[-1]);
#endif
}

int main(void)
{
    float *v = amalloc(64 * sizeof(float), 64);
    if (!v)
        return 1;
    memset(v, 0, 64 * sizeof(float));
    afree(v);
    return 0;
}
