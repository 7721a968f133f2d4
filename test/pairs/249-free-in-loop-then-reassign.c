/* expect: use-after-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static char *replace1(const char *s)
{
    char *r = strdup(s);
    if (r && *r)
        memmove(r, r + 1, strlen(r));
    return r;
}

static int shrink(const char *in)
{
    int n = 0;
    char *cur = strdup(in);
    while (cur && *cur) {
        char *next = replace1(cur);
        free(cur);
#ifdef BAD
        if (*cur == 'z')
            break;
#endif
        cur = next;
        n++;
    }
    free(cur);
    return n;
}

int main(void)
{
    printf("%d\n", shrink("abcd"));
    return 0;
}
