/* expect: memory-leak */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

static char *label_for(int n)
{
    char *s = malloc(24);
    if (s != NULL)
        snprintf(s, 24, "row-%d", n);
    return s;
}

static size_t longest(int rows)
{
    char *cur = NULL;
    size_t best = 0;
    int i;
    for (i = 0; i < rows; i++) {
#ifndef BAD
        free(cur);
#endif
        cur = label_for(i);
        if (cur && strlen(cur) > best)
            best = strlen(cur);
    }
    free(cur);
    return best;
}

int main(void)
{
    printf("%lu\n", (unsigned long)longest(12));
    return 0;
}
