/* expect: memory-leak */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *csv(const char **v, int n)
{
    char *acc = NULL;
    int i;
    for (i = 0; i < n; i++) {
        char *t;
        if (asprintf(&t, "%s%s%s", acc ? acc : "", acc ? "," : "", v[i]) < 0)
            break;
#ifndef BAD
        free(acc);
#endif
        acc = t;
    }
    return acc;
}

int main(void)
{
    const char *v[] = { "a", "b", "c" };
    char *s = csv(v, 3);
    if (s)
        puts(s);
    free(s);
    return 0;
}
