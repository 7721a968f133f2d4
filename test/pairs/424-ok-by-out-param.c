/* expect: missing-null-check */
#include <stdlib.h>
#include <stdbool.h>
#include <string.h>

static void take_buffer(char **out, bool *ok, size_t n)
{
    *out = malloc(n);
#ifdef BAD
    *ok = n > 0;
#else
    *ok = *out != NULL;
#endif
}

static int run(size_t n)
{
    char *b;
    bool ok;
    int r;
    take_buffer(&b, &ok, n);
    if (!ok)
        return -1;
    memset(b, 'a', n);
    r = b[n - 1];
    free(b);
    return r;
}

int main(void)
{
    return run(10) == 3;
}
