/* expect: stack-address-escape */
#include <stdio.h>
#include <ctype.h>

static char *upper(char *s)
{
    char *p;
    for (p = s; *p; p++)
        *p = (char)toupper((unsigned char)*p);
    return s;
}

static char *code_name(int n)
{
#ifdef BAD
    char t[24];
#else
    static char t[24];
#endif
    sprintf(t, "err_%d", n);
    return upper(t);
}

int main(void)
{
    printf("%c\n", *code_name(4));
    return 0;
}
