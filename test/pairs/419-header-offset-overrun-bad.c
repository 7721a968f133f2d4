/* expect: allocation-size at 9, allocation-size at 13 */
#include <stdlib.h>
#include <string.h>

#define HDR 4

static unsigned char *frame(const unsigned char *p, size_t n)
{
     unsigned char *f = malloc(n);
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
