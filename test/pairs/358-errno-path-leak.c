/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <stdio.h>

static int parse_num(const char *in, long *out)
{
    char *dup = strdup(in), *end;
    if (!dup)
        return -ENOMEM;
    errno = 0;
    *out = strtol(dup, &end, 10);
#ifdef BAD
    if (errno == ERANGE)
#else
    if (errno == ERANGE) {
        free(dup);
#endif
        return -ERANGE;
#ifndef BAD
    }
#endif
    if (end == dup || *end) {
        free(dup);
        return -EINVAL;
    }
    free(dup);
    return 0;
}

int main(void)
{
    long v;
    parse_num("12", &v);
    parse_num("x", &v);
    parse_num("999999999999999999999999", &v);
    return 0;
}
