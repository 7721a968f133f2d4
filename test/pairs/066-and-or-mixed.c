/* expect: missing-null-check */
#include <stdlib.h>
#include <string.h>

static int setup(void)
{
    char *key = malloc(16);
    char *iv = malloc(16);
    int r;
#ifdef BAD
    if (!key && !iv)
#else
    if (!key || !iv) {
        free(key);
        free(iv);
#endif
        return -1;
#ifndef BAD
    }
#endif
    memset(key, 1, 16);
    memset(iv, 2, 16);
    r = key[0] + iv[0];
    free(iv);
    free(key);
    return r;
}

int main(void)
{
    return setup() == 9;
}
