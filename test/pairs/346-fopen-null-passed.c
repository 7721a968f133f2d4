/* expect: missing-null-check */
#include <stdio.h>
#include <string.h>

static int read_first(FILE *in, char *out, int n)
{
    out[0] = 0;
    return fgets(out, n, in) != NULL;
}

static int conf_get(const char *path, char *out, int n)
{
    int ok;
    FILE *f = fopen(path, "r");
#ifndef BAD
    if (!f)
        return 0;
#endif
    ok = read_first(f, out, n);
    fclose(f);
    return ok;
}

int main(void)
{
    char b[80];
    printf("%d\n", conf_get("/etc/hostname", b, 80));
    printf("%d\n", conf_get("/no/such", b, 80));
    return 0;
}
