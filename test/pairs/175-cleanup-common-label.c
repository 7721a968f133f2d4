/* expect: double-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static int build(const char *a, const char *b, char **out)
{
    char *x = NULL, *y = NULL, *z = NULL;
    int rc = -1;
    *out = NULL;
    if (!(x = strdup(a)) || !(y = strdup(b)))
        goto end;
    if (!(z = malloc(strlen(x) + strlen(y) + 1)))
        goto end;
    strcpy(z, x);
    strcat(z, y);
    *out = z;
#ifndef BAD
    z = NULL;
#endif
    rc = 0;
end:
    free(x);
    free(y);
    free(z);
    return rc;
}

int main(void)
{
    char *s;
    if (build("foo", "bar", &s) == 0)
        puts(s);
    free(s);
    return 0;
}
