/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static int palindrome(const char *s)
{
    size_t n = strlen(s);
    char *in;
    int r;
    if (n < 2)
        return 1;
    if (s[0] != s[n - 1])
        return 0;
    in = strndup(s + 1, n - 2);
    if (!in)
        return -1;
    r = palindrome(in);
#ifndef BAD
    free(in);
#endif
    return r;
}

int main(void)
{
    printf("%d\n", palindrome("abcba"));
    return 0;
}
