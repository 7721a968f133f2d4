/* expect: uninitialized-heap-read */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static char *join(const char *a, const char *b)
{
    char *r = malloc(strlen(a) + strlen(b) + 2);
    if (!r)
        return NULL;
#ifdef BAD
    strcat(r, a);
#else
    strcpy(r, a);
#endif
    strcat(r, "/");
    strcat(r, b);
    return r;
}

int main(void)
{
    char *p = join("usr", "lib");
    if (p)
        puts(p);
    free(p);
    return 0;
}
