/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static char *names[4];
static int n_names;

static void cleanup(void)
{
    while (n_names > 0)
#ifdef BAD
        names[--n_names] = NULL;
#else
        free(names[--n_names]);
#endif
}

static void remember(const char *s)
{
    char *c;
    if (n_names == 4)
        return;
    c = strdup(s);
    if (c)
        names[n_names++] = c;
}

int main(void)
{
    atexit(cleanup);
    remember("a");
    remember("b");
    printf("%d\n", n_names);
    return 0;
}
