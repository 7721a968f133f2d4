/* expect: memory-leak */
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

static jmp_buf env;

static void check(const char *s)
{
    if (s[0] == '!')
        longjmp(env, 1);
}

static int safe(const char *s)
{
    char *volatile c = NULL;
    int n;
    if (setjmp(env)) {
#ifndef BAD
        free(c);
#endif
        return -1;
    }
    c = strdup(s);
    if (!c)
        return -1;
    check(c);
    n = (int)strlen(c);
    free(c);
    return n;
}

int main(void)
{
    return safe("ok") + safe("!boom") == 4;
}
