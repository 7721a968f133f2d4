/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static int first_long(const char **w, int n)
{
    int i, at = -1;
    for (i = 0; i < n; i++) {
        char *t = strdup(w[i]);
        if (!t)
            break;
        if (strlen(t) > 4) {
            at = i;
#ifndef BAD
            free(t);
#endif
            break;
        }
        free(t);
    }
    return at;
}

int main(void)
{
    const char *w[] = { "a", "bb", "ccccccc", "d" };
    printf("%d\n", first_long(w, 4));
    return 0;
}
