#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int banner(const char *who)
{
    char *s = NULL;
    int n;
     n = asprintf(&s, "*** %s ***", who);
     if (n < 0)
         return -1;
     n = (int)strlen(s);
    puts(s);
    free(s);
    return n;
}

int main(void)
{
    return banner("sale") > 100;
}
