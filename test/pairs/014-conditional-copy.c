/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static int emit(const char *s, int quote)
{
    char *owned = NULL;
    const char *p = s;
    if (quote) {
        size_t n = strlen(s);
        owned = malloc(n + 3);
        if (!owned)
            return -1;
        owned[0] = '"';
        memcpy(owned + 1, s, n);
        owned[n + 1] = '"';
        owned[n + 2] = '\0';
        p = owned;
    }
    puts(p);
#ifdef BAD
    if (!quote)
#else
    if (quote)
#endif
        free(owned);
    return 0;
}

int main(void)
{
    emit("plain", 0);
    emit("quoted", 1);
    return 0;
}
