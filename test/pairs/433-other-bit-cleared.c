/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

#define O_COPY 1u
#define O_LOUD 2u

static int say(const char *s, unsigned opt)
{
    char *c = NULL;
    if (opt & O_COPY) {
        c = strdup(s);
        if (!c)
            return -1;
    }
    if (s[0] == '.')
#ifdef BAD
        opt &= ~O_COPY;
#else
        opt &= ~O_LOUD;
#endif
    if (opt & O_LOUD)
        puts(s);
    if (opt & O_COPY)
        free(c);
    return 0;
}

int main(void)
{
    return say("a", 3) + say(".b", 3) + say(".c", 0);
}
