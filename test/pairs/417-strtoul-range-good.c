#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <stdio.h>

static unsigned long size_of(const char *in)
{
    unsigned long v;
    char *t = strdup(in);
    if (!t)
        return 0;
    errno = 0;
    v = strtoul(t, NULL, 0);
     if (errno) {
         free(t);
         return 0;
     }
    free(t);
    return v;
}

int main(void)
{
    printf("%lu %lu\n", size_of("12"), size_of("99999999999999999999999999"));
    return 0;
}
