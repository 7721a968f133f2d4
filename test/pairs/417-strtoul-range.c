/* expect: memory-leak */
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
#ifdef BAD
    if (errno)
#else
    if (errno) {
        free(t);
#endif
        return 0;
#ifndef BAD
    }
#endif
    free(t);
    return v;
}

int main(void)
{
    printf("%lu %lu\n", size_of("12"), size_of("99999999999999999999999999"));
    return 0;
}
