/* expect: memory-leak */
#include <unistd.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static int in_root(void)
{
    char *d = getcwd(NULL, 0);
    if (d && strcmp(d, "/") == 0) {
        free(d);
        return 1;
    }
#ifndef BAD
    free(d);
#endif
    return 0;
}

int main(void)
{
    return in_root() == 9;
}
