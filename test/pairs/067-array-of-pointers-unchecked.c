/* expect: missing-null-check */
#include <stdlib.h>

static double **matrix(int r, int c)
{
    int i, j;
    double **m = malloc(r * sizeof *m);
    if (!m)
        return NULL;
    for (i = 0; i < r; i++) {
        m[i] = malloc(c * sizeof **m);
#ifndef BAD
        if (!m[i]) {
            while (i-- > 0)
                free(m[i]);
            free(m);
            return NULL;
        }
#endif
        for (j = 0; j < c; j++)
            m[i][j] = i == j;
    }
    return m;
}

int main(void)
{
    int i;
    double **m = matrix(3, 3);
    if (!m)
        return 1;
    for (i = 0; i < 3; i++)
        free(m[i]);
    free(m);
    return 0;
}
