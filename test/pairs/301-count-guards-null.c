/* expect: missing-null-check */
#include <stdlib.h>
#include <string.h>

struct sig { int n; double *x; };

static struct sig sig_make(int n)
{
    struct sig s;
    s.x = malloc(n * sizeof *s.x);
#ifdef BAD
    s.n = n;
#else
    s.n = s.x ? n : 0;
#endif
    return s;
}

static double energy(struct sig s)
{
    double e = 0;
    int i;
    for (i = 0; i < s.n; i++) {
        s.x[i] = i;
        e += s.x[i] * s.x[i];
    }
    return e;
}

int main(void)
{
    struct sig s = sig_make(12);
    double e = energy(s);
    free(s.x);
    return e < 0;
}
