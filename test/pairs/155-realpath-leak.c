/* expect: memory-leak */
#include <stdlib.h>
#include <limits.h>
#include <string.h>
#include <stdio.h>

static int is_inside(const char *root, const char *p)
{
    char *r = realpath(p, NULL);
    int in;
    if (!r)
        return 0;
    in = strncmp(r, root, strlen(root)) == 0;
#ifdef BAD
    if (!in)
#else
    if (!in) {
        free(r);
#endif
        return 0;
#ifndef BAD
    }
#endif
    in = r[strlen(root)] == '/';
    free(r);
    return in;
}

int main(void)
{
    printf("%d\n", is_inside("/usr", "/etc") + is_inside("/usr", "/usr/lib"));
    return 0;
}
