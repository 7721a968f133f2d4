/* expect: memory-leak */
#include <regex.h>
#include <stdio.h>

static int matches(const char *re, const char *s)
{
    regex_t r;
    int rc;
    if (regcomp(&r, re, REG_EXTENDED | REG_NOSUB) != 0)
        return -1;
    rc = regexec(&r, s, 0, NULL, 0);
#ifndef BAD
    regfree(&r);
#endif
    return rc == 0;
}

int main(void)
{
    printf("%d\n", matches("^a+b$", "aaab"));
    return 0;
}
