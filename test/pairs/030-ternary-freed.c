/* expect: use-after-free */
#include <stdlib.h>
#include <string.h>

static int pick(int use_big)
{
    int r;
    char *small = calloc(1, 8), *big = calloc(1, 800);
    char *p;
    if (!small || !big) {
        free(small);
        free(big);
        return -1;
    }
    p = use_big ? big : small;
    strcpy(p, "abc");
#ifndef BAD
    r = (int)strlen(p);
#endif
    free(small);
#ifdef BAD
    r = (int)strlen(p);
#endif
    free(big);
    return r;
}

int main(void)
{
    return pick(1) + pick(0) == 100;
}
