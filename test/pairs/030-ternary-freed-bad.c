/* expect: use-after-free at 18 */
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
     free(small);
     r = (int)strlen(p);
    free(big);
    return r;
}

int main(void)
{
    return pick(1) + pick(0) == 100;
}
