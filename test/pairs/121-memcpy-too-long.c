/* expect: allocation-size */
#include <stdlib.h>
#include <string.h>

typedef struct { char mac[6]; char name[10]; } peer_t;

static char *pack(const peer_t *p)
{
    char *b = malloc(12);
    if (!b)
        return NULL;
#ifdef BAD
    memcpy(b, p, sizeof(peer_t));
#else
    memcpy(b, p, 12);
#endif
    return b;
}

int main(void)
{
    peer_t p = { "12345", "n" };
    free(pack(&p));
    return 0;
}
