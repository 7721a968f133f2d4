/* expect: use-after-free at 19 */
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
     free(c);
    snprintf(out, sizeof out, "%s", dot + 1);
    return out;
}

int main(void)
{
    puts(ext_of("lib/archive.tar"));
    return 0;
}
