/* expect: invalid-free, memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static int fields(const char *csv)
{
    int n = 0;
    char *copy = strdup(csv), *t;
    if (!copy)
        return -1;
    for (t = strtok(copy, ";"); t; t = strtok(NULL, ";")) {
        n++;
        puts(t);
    }
#ifdef BAD
    t = strchr(copy, 0) + 1;
    free(t);
#else
    free(copy);
#endif
    return n;
}

int main(void)
{
    return fields("a;b;c") == 9;
}
