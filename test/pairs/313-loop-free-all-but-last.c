/* expect: use-after-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static char *gen(int i)
{
    char *s = malloc(16);
    if (s)
        sprintf(s, "v%d", i);
    return s;
}

static char *best(int n)
{
    char *b = NULL;
    int i;
    for (i = 0; i < n; i++) {
        char *c = gen(i * 7 % 5);
        if (!c)
            continue;
        if (b == NULL || strcmp(c, b) > 0) {
            free(b);
            b = c;
        } else {
            free(c);
#ifdef BAD
            b = i == 3 ? c : b;
#endif
        }
    }
    return b;
}

int main(void)
{
    char *b = best(6);
    if (b)
        puts(b);
    free(b);
    return 0;
}
