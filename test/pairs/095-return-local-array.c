/* expect: stack-address-escape */
#include <stdio.h>
#include <string.h>

static char *fmt_ip(unsigned ip)
{
#ifdef BAD
    char b[16];
#else
    static char b[16];
#endif
    snprintf(b, sizeof b, "%u.%u.%u.%u", ip >> 24, (ip >> 16) & 255, (ip >> 8) & 255, ip & 255);
    char *r = b;
    return r;
}

int main(void)
{
    char *s = fmt_ip(0x7f000001);
    printf("%c\n", s[0]);
    return 0;
}
