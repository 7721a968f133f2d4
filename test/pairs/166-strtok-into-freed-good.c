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
    snprintf(out, sizeof out, "%s", dot + 1);
     free(c);
    return out;
}

int main(void)
{
    puts(ext_of("lib/archive.tar"));
    return 0;
}
