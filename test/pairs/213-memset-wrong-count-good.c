#include <stdlib.h>
#include <string.h>

typedef struct { short samples[256]; } voice;

static voice *voice_new(int n)
{
    voice *v = malloc(n * sizeof(voice));
    if (v)
         memset(v, 0, n * sizeof(voice));
    return v;
}

int main(void)
{
    free(voice_new(2));
    return 0;
}
