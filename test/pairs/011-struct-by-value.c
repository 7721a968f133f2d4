/* expect: memory-leak */
#include <stdlib.h>
#include <stdio.h>

typedef struct { double *v; int n; } vec;

static vec vec_make(int n)
{
    vec r = { malloc(n * sizeof(double)), n };
    if (r.v)
        for (int i = 0; i < n; i++)
            r.v[i] = i * 0.5;
    else
        r.n = 0;
    return r;
}

static vec vec_scaled(vec a, double k)
{
    vec r = vec_make(a.n);
    for (int i = 0; i < r.n; i++)
        r.v[i] = a.v[i] * k;
    return r;
}

int main(void)
{
    vec a = vec_make(10);
#ifdef BAD
    vec b = vec_scaled(vec_scaled(a, 2), 3);
#else
    vec c = vec_scaled(a, 2);
    vec b = vec_scaled(c, 3);
    free(c.v);
#endif
    if (b.n)
        printf("%f\n", b.v[b.n - 1]);
    free(a.v);
    free(b.v);
    return 0;
}
