/* expect: null-dereference */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int dump(const char *in)
{
    FILE *f = NULL;
    char *b = NULL;
    int rc = 1;
    if (strlen(in) < 2)
        goto out;
    f = fopen("/dev/null", "w");
    if (!f)
        goto out;
    b = malloc(32);
    if (!b)
        goto out;
    snprintf(b, 32, "%s", in);
    fputs(b, f);
    rc = 0;
out:
    free(b);
#ifdef BAD
    fclose(f);
#else
    if (f)
        fclose(f);
#endif
    return rc;
}

int main(void)
{
    return dump("abc") + dump("") > 3;
}
