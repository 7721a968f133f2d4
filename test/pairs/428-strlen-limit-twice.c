/* expect: invalid-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static int show(const char *s)
{
    char local[16], *b = local;
    if (strlen(s) >= sizeof local) {
        b = malloc(strlen(s) + 1);
        if (!b)
            return -1;
    }
    strcpy(b, s);
    b[0] = '>';
    puts(b);
#ifdef BAD
    if (strlen(s) >= 8)
#else
    if (strlen(s) >= sizeof local)
#endif
        free(b);
    return 0;
}

int main(void)
{
    show("short");
    show("ten chars.");
    show("quite a bit longer than that");
    return 0;
}
