/* expect: memory-leak */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int longest(const char *path)
{
    char *line = NULL;
    size_t cap = 0;
    ssize_t n, best = 0;
    FILE *f = fopen(path, "r");
    if (!f)
        return -1;
    while ((n = getline(&line, &cap, f)) > 0)
        if (n > best)
            best = n;
    fclose(f);
#ifndef BAD
    free(line);
#endif
    return (int)best;
}

int main(void)
{
    printf("%d\n", longest("/etc/passwd"));
    return 0;
}
