/* expect: double-free */
#include <stdlib.h>
#include <string.h>

static int step(int x) { return x > 2 ? -1 : 0; }

static int pipeline(int x)
{
    int ret = -1;
    char *a = malloc(10), *b = NULL;
    if (!a)
        goto out;
    if (step(x) < 0) {
#ifdef BAD
        free(a);
#endif
        goto out;
    }
    b = malloc(20);
    if (!b)
        goto out;
    memset(b, 0, 20);
    ret = b[0];
out:
    free(b);
    free(a);
    return ret;
}

int main(void)
{
    pipeline(1);
    pipeline(3);
    return 0;
}
