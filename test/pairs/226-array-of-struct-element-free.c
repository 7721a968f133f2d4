/* expect: invalid-free */
#include <stdlib.h>
#include <stdio.h>

struct bullet { float x, y; int alive; };

static void step(struct bullet *b, int n)
{
    int i;
    for (i = 0; i < n; i++) {
        b[i].x += 1.0f;
        if (b[i].x > 3.0f)
#ifdef BAD
            free(&b[i]);
#else
            b[i].alive = 0;
#endif
    }
}

int main(void)
{
    int i;
    struct bullet *b = calloc(4, sizeof *b);
    if (!b)
        return 1;
    for (i = 0; i < 4; i++)
        b[i].x = (float)i;
    step(b, 4);
    free(b);
    return 0;
}
