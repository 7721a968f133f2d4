/* expect: invalid-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>
#include <ctype.h>

static void greet(const char *in)
{
    char *s = strdup(in);
#ifndef BAD
    char *start = s;
#endif
    if (!s)
        return;
    while (isspace((unsigned char)*s))
        s++;
    printf("hi %s\n", s);
#ifdef BAD
    free(s);
#else
    free(start);
#endif
}

int main(void)
{
    greet("   ann");
    return 0;
}
