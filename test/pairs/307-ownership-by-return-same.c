/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static char *append(char *s, const char *t)
{
    size_t n = s ? strlen(s) : 0;
    char *r = realloc(s, n + strlen(t) + 1);
    if (!r) {
        free(s);
        return NULL;
    }
    strcpy(r + n, t);
    return r;
}

static int go(void)
{
    char *s = append(NULL, "a");
    int n;
    if (s)
        s = append(s, "bc");
#ifdef BAD
    if (s && append(NULL, "zz"))
#else
    if (s && (s = append(s, "zz")))
#endif
        s[0] = 'z';
    n = s ? (int)strlen(s) : -1;
    free(s);
    return n;
}

int main(void)
{
    printf("%d\n", go());
    return 0;
}
