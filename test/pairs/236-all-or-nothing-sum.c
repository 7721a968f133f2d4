/* expect: missing-null-check */
#include <stdlib.h>
#include <string.h>

static int crunch(int n)
{
    int rc = -1, i, ok;
    float *a = malloc(n * sizeof *a);
    float *b = malloc(n * sizeof *b);
    float *c = malloc(n * sizeof *c);
#ifdef BAD
    ok = (a != NULL) | (b != NULL) | (c != NULL);
#else
    ok = (a != NULL) & (b != NULL) & (c != NULL);
#endif
    if (ok) {
        for (i = 0; i < n; i++) {
            a[i] = b[i] = (float)i;
            c[i] = a[i] + b[i];
        }
        rc = (int)c[n - 1];
    }
    free(a);
    free(b);
    free(c);
    return rc;
}

int main(void)
{
    return crunch(8) == 1;
}
