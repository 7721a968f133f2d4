/* expect: missing-null-check */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static void reverse(const char *in)
{
    char *s = strdup(in);
    size_t i, n;
#ifndef BAD
    if (!s)
        return;
#endif
    n = strlen(s);
    for (i = 0; i < n / 2; i++) {
        char t = s[i];
        s[i] = s[n - 1 - i];
        s[n - 1 - i] = t;
    }
    puts(s);
    free(s);
}

int main(void)
{
    reverse("stressed");
    return 0;
}
