/* expect: missing-null-check */
#include <stdlib.h>
#include <string.h>

typedef struct { int ok; int n; short *pcm; } sound;

static sound sound_make(int n)
{
    sound s;
    s.n = n;
    s.pcm = calloc(n, sizeof *s.pcm);
#ifdef BAD
    s.ok = s.n != 0;
#else
    s.ok = s.pcm != NULL;
#endif
    return s;
}

static int peak(int n)
{
    sound s = sound_make(n);
    int i, m = 0;
    if (!s.ok)
        return -1;
    for (i = 0; i < s.n; i++)
        if (s.pcm[i] > m)
            m = s.pcm[i];
    free(s.pcm);
    return m;
}

int main(void)
{
    return peak(8);
}
