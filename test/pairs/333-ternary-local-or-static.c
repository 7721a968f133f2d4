/* expect: stack-address-escape */
#include <stdio.h>
#include <string.h>

static const char *sev(int lvl)
{
#ifdef BAD
    char other[16];
#else
    static char other[16];
#endif
    snprintf(other, sizeof other, "level%d", lvl);
    return lvl == 0 ? "info" : lvl == 1 ? "warn" : other;
}

int main(void)
{
    printf("%c%c\n", sev(0)[0], sev(1)[0]);
    printf("%c\n", sev(5)[0]);
    return 0;
}
