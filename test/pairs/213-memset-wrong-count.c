/* expect: allocation-size */
#include <stdlib.h>
#include <string.h>

typedef struct { short samples[256]; } voice;

static voice *voice_new(int n)
{
    voice *v = malloc(n * sizeof(voice));
    if (v)
#ifdef BAD
        memset(v, 0, (n + 1) * sizeof(voice));
#else
        memset(v, 0, n * sizeof(voice));
#endif
    return v;
}

int main(void)
{
    free(voice_new(2));
    return 0;
}
