/* expect: allocation-size */
#include <stdlib.h>
#include <string.h>

struct key { unsigned char k[32]; };

static unsigned char *key_copy(const unsigned char k[32])
{
#ifdef BAD
    unsigned char *c = malloc(sizeof(k));
#else
    unsigned char *c = malloc(32);
#endif
    if (!c)
        return NULL;
    memcpy(c, k, 32);
    return c;
}

int main(void)
{
    struct key k;
    memset(&k, 7, sizeof k);
    free(key_copy(k.k));
    return 0;
}
