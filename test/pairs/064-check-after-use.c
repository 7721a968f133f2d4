/* expect: missing-null-check */
#include <stdlib.h>
#include <string.h>

static char *pad(const char *s, int w)
{
    int n = (int)strlen(s);
    char *r = malloc(w + n + 1);
#ifdef BAD
    memset(r, ' ', w);
#endif
    if (r == NULL)
        return NULL;
#ifndef BAD
    memset(r, ' ', w);
#endif
    strcpy(r + w, s);
    return r;
}

int main(void)
{
    char *p = pad("x", 4);
    free(p);
    return 0;
}
