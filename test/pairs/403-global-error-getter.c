/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static int last_error;
static int had_error(void) { return last_error != 0; }

static char *make(int n)
{
    char *p;
    last_error = 0;
    p = malloc(n);
    if (!p)
        last_error = 12;
    return p;
}

static int run(int n)
{
    char *p = make(n);
    if (had_error())
        return -1;
#ifdef BAD
    if (n > 100)
#else
    memset(p, 0, n);
    if (n > 100) {
        free(p);
#endif
        return 1;
#ifdef BAD
    memset(p, 0, n);
#else
    }
#endif
    free(p);
    return 0;
}

int main(void)
{
    return run(5) + run(500) > 3;
}
