/* expect: use-after-free */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

static char *cache;
static int cached_for = -1;

static const char *lookup(int id)
{
    if (id != cached_for) {
        free(cache);
        cache = malloc(32);
        if (!cache) {
            cached_for = -1;
            return NULL;
        }
        sprintf(cache, "user%d", id);
        cached_for = id;
    }
    return cache;
}

int main(void)
{
    const char *a = lookup(1);
#ifdef BAD
    const char *b = lookup(2);
    if (a && b)
        printf("%s %s\n", a, b);
#else
    const char *b;
    if (a)
        printf("%s ", a);
    b = lookup(2);
    if (b)
        printf("%s\n", b);
#endif
    free(cache);
    cache = NULL;
    return 0;
}
