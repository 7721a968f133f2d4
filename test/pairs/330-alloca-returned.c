/* expect: stack-address-escape */
#include <alloca.h>
#include <string.h>
#include <stdio.h>

struct tmp { char *s; };

static struct tmp quoted(const char *s)
{
    struct tmp t;
#ifdef BAD
    char *b = alloca(strlen(s) + 3);
#else
    static char b[64];
#endif
    sprintf(b, "<%s>", s);
    t.s = b;
    return t;
}

static int noise(int n) { volatile char x[64]; int i; for (i = 0; i < 64; i++) x[i] = (char)n; return x[3]; }

int main(void)
{
    struct tmp t = quoted("a");
    noise(3);
    printf("%d\n", (int)strlen(t.s));
    return 0;
}
