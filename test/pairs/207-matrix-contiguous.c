/* expect: allocation-size */
#include <stdlib.h>

static int **grid(int r, int c)
{
    int i;
#ifdef BAD
    int **g = malloc(r * sizeof(int *) + r * c);
#else
    int **g = malloc(r * sizeof(int *) + (size_t)r * c * sizeof(int));
#endif
    int *cells;
    if (!g)
        return NULL;
    cells = (int *)(g + r);
    for (i = 0; i < r; i++)
        g[i] = cells + i * c;
    for (i = 0; i < r * c; i++)
        cells[i] = i;
    return g;
}

int main(void)
{
    int **g = grid(4, 5);
    int v;
    if (!g)
        return 1;
    v = g[3][4];
    free(g);
    return v == 0;
}
