/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static int deliver(char *m)
{
    if (m[0] == '!') {
        puts(m + 1);
        free(m);
        return 1;
    }
    return 0;
}

static int post(const char *t)
{
    char *m = strdup(t);
    if (!m)
        return -1;
#ifdef BAD
    if (!deliver(m))
#else
    if (!deliver(m)) {
        free(m);
#endif
        return 0;
#ifndef BAD
    }
#endif
    return 1;
}

int main(void)
{
    return post("!now") + post("later") > 3;
}
