/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static int convert(const char *mode, const char *in)
{
    char *tmp = NULL;
    const char *p = in;
    if (strcmp(mode, "upper") == 0) {
        char *q;
        tmp = strdup(in);
        if (!tmp)
            return -1;
        for (q = tmp; *q; q++)
            if (*q >= 'a' && *q <= 'z')
                *q -= 32;
        p = tmp;
    }
    puts(p);
#ifdef BAD
    if (strcmp(mode, "Upper") == 0)
#else
    if (strcmp(mode, "upper") == 0)
#endif
        free(tmp);
    return 0;
}

int main(void)
{
    convert("plain", "abc");
    convert("upper", "def");
    return 0;
}
