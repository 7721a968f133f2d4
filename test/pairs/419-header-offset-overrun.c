/* expect: allocation-size */
#include <stdlib.h>
#include <string.h>

#define HDR 4

static unsigned char *frame(const unsigned char *p, size_t n)
{
#ifdef BAD
    unsigned char *f = malloc(n);
#else
    unsigned char *f = malloc(n + HDR);
#endif
    if (!f)
        return NULL;
    f[0] = (unsigned char)n;
    memcpy(f + HDR, p, n);
    return f;
}

int main(void)
{
    unsigned char p[32] = { 0 };
    free(frame(p, 32));
    return 0;
}
