/* expect: null-dereference */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static int render(int mode)
{
#ifdef BAD
    char *s;
#else
    char *s = NULL;
#endif
    int n = 0;
    switch (mode) {
    case 0:
        s = strdup("zero");
        break;
    case 1:
        s = strdup("one");
        break;
    }
    if (s)
        n = (int)strlen(s);
    free(s);
    return n;
}

int main(void)
{
    volatile long x[32];
    int i;
    for (i = 0; i < 32; i++)
        x[i] = 0x4141414141L;
    return render(0) + render(1) + render(7) == 99;
}
