/* expect: use-after-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static const char *ext_of(const char *path)
{
    char *c = strdup(path);
    char *dot;
    static char out[16];
    if (!c)
        return "";
    dot = strrchr(c, '.');
    if (!dot) {
        free(c);
        return "";
    }
#ifndef BAD
    snprintf(out, sizeof out, "%s", dot + 1);
#endif
    free(c);
#ifdef BAD
    snprintf(out, sizeof out, "%s", dot + 1);
#endif
    return out;
}

int main(void)
{
    puts(ext_of("lib/archive.tar"));
    return 0;
}
