#include <stdlib.h>
#include <string.h>
#include <stdio.h>
#include <ctype.h>

static void greet(const char *in)
{
    char *s = strdup(in);
     char *start = s;
    if (!s)
        return;
    while (isspace((unsigned char)*s))
        s++;
    printf("hi %s\n", s);
     free(start);
}

int main(void)
{
    greet("   ann");
    return 0;
}
