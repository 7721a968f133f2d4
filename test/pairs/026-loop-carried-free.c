/* expect: use-after-free */
#include <stdlib.h>
#include <string.h>

static int work(char *scratch, int i)
{
    memset(scratch, i, 16);
    return scratch[3];
}

static int run(int turns)
{
    int i, acc = 0;
    char *scratch = malloc(16);
    if (!scratch)
        return -1;
    for (i = 0; i < turns; i++) {
        acc += work(scratch, i);
        if (acc > 2)
#ifdef BAD
            free(scratch);
#else
            break;
#endif
    }
#ifdef BAD
    if (acc <= 2)
        free(scratch);
#else
    free(scratch);
#endif
    return acc;
}

int main(void)
{
    return run(4) == 99;
}
