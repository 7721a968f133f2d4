/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>

static int three(char *out[3])
{
    static const char *src[3] = { "a", "b", "c" };
    int i;
    for (i = 0; i < 3; i++) {
        out[i] = strdup(src[i]);
        if (!out[i])
            goto undo;
    }
    return 0;
undo:
#ifdef BAD
    while (i > 1)
#else
    while (i > 0)
#endif
        free(out[--i]);
    return -1;
}

static int go(void)
{
    char *t[3];
    int i;
    if (three(t) < 0)
        return -1;
    for (i = 0; i < 3; i++)
        free(t[i]);
    return 0;
}

int main(void)
{
    int i, r = 0;
    for (i = 0; i < 3; i++)
        r += go();
    return r < -3;
}
