/* expect: use-after-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static int escape(const char *in)
{
    size_t cap = 4, n;
    char *buf = malloc(cap), *w = buf, *nb;
    if (!buf)
        return -1;
    for (; *in; in++) {
        if ((size_t)(w - buf) + 3 > cap) {
            n = w - buf;
            cap *= 2;
            nb = realloc(buf, cap);
            if (!nb) {
                free(buf);
                return -1;
            }
            buf = nb;
#ifndef BAD
            w = buf + n;
#endif
        }
        if (*in == '\'')
            *w++ = '\\';
        *w++ = *in;
    }
    *w = 0;
    puts(buf);
    free(buf);
    return 0;
}

int main(void)
{
    return escape("it's a 'quoted' string");
}
