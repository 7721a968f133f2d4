/* expect: memory-leak */
#include <dirent.h>
#include <stdlib.h>
#include <stdio.h>

static int list(const char *d)
{
    struct dirent **v;
    int i, n = scandir(d, &v, NULL, alphasort);
    if (n < 0)
        return -1;
    for (i = 0; i < n; i++) {
        if (i == 0)
            puts(v[i]->d_name);
#ifndef BAD
        free(v[i]);
#endif
    }
    free(v);
    return n;
}

int main(void)
{
    return list("/etc") < 0;
}
