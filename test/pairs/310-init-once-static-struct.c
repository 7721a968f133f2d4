/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>

static struct { int ready; int *sq; } lut;

static int lut_get(int i)
{
    if (!lut.ready) {
        int k;
        lut.sq = malloc(100 * sizeof(int));
        if (!lut.sq)
            return i * i;
        for (k = 0; k < 100; k++)
            lut.sq[k] = k * k;
#ifdef BAD
        lut.ready = i > 5;
#else
        lut.ready = 1;
#endif
    }
    return lut.sq[i];
}

static void lut_done(void)
{
    if (lut.ready)
        free(lut.sq);
    lut.ready = 0;
    lut.sq = NULL;
}

int main(void)
{
    int r = lut_get(3) + lut_get(9);
    lut_done();
    return r == 1;
}
