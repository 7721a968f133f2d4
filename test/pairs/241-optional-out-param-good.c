#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static int parse(const char *s, char **err)
{
    if (s[0] == '{')
        return 0;
     if (err) {
         char *e = malloc(32);
         if (e)
             snprintf(e, 32, "unexpected '%c'", s[0]);
         *err = e;
     }
    return -1;
}

int main(void)
{
    char *e = NULL;
    if (parse("[", &e) < 0 && e)
        puts(e);
    free(e);
    parse("x", NULL);
    return 0;
}
