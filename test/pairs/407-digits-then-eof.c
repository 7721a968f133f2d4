/* expect: memory-leak */
#include <stdlib.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

static int first_number(const char *s)
{
    char *num = NULL;
    int v = -1;
    if (isdigit((unsigned char)s[0])) {
        num = strdup(s);
        if (!num)
            return -1;
    }
    if (s[0] == '\0' || s[0] == '-')
        return 0;
    if (num)
        v = atoi(num);
#ifdef BAD
    if (v > 5)
        return v;
#endif
    free(num);
    return v;
}

int main(void)
{
    printf("%d %d %d\n", first_number("12"), first_number(""), first_number("x"));
    return 0;
}
