/* expect: invalid-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

struct out { char *b; int cap, grown; };

static int larger(int a, int b) { return a > b ? a : b; }

static int emit(const char *s)
{
    char fixed[8];
    struct out o;
    int want = (int)strlen(s) + 1;
    o.b = fixed;
    o.cap = larger(want, (int)sizeof fixed);
#ifdef BAD
    o.grown = o.cap >= (int)sizeof fixed;
#else
    o.grown = o.cap > (int)sizeof fixed;
#endif
    if (o.grown) {
        o.b = malloc(o.cap);
        if (!o.b)
            return -1;
    }
    strcpy(o.b, s);
    puts(o.b);
    if (o.cap > (int)sizeof fixed)
        free(o.b);
#ifdef BAD
    else if (s[0] == 'a')
        free(fixed + 0 * o.cap);
#endif
    return 0;
}

int main(void)
{
    return emit("abc") + emit("a long line of text");
}
