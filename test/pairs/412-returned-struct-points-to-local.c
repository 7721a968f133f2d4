/* expect: stack-address-escape */
#include <stdio.h>
#include <string.h>

struct span { const char *p; size_t n; };

static struct span itoa10(unsigned v)
{
#ifdef BAD
    char d[12];
#else
    static char d[12];
#endif
    struct span s;
    s.n = (size_t)sprintf(d, "%u", v);
    s.p = d;
    return s;
}

int main(void)
{
    struct span s = itoa10(42);
    printf("%c\n", s.p[0]);
    return 0;
}
