/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static int permute(const char *prefix, const char *rest)
{
    size_t i, np = strlen(prefix), nr = strlen(rest);
    int count = 0;
    if (nr == 0)
        return 1;
    for (i = 0; i < nr; i++) {
        char *p = malloc(np + 2), *r = malloc(nr + 1);
        if (!p || !r) {
            free(p);
            free(r);
            return count;
        }
        memcpy(p, prefix, np);
        p[np] = rest[i];
        p[np + 1] = 0;
        memcpy(r, rest, i);
        strcpy(r + i, rest + i + 1);
        count += permute(p, r);
        free(p);
#ifndef BAD
        free(r);
#endif
    }
    return count;
}

int main(void)
{
    printf("%d\n", permute("", "abc"));
    return 0;
}
