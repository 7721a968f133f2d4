/* expect: stack-address-escape at 17 */
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
     char t[24];
    sprintf(t, "err_%d", n);
    return upper(t);
}

int main(void)
{
    printf("%c\n", *code_name(4));
    return 0;
}
