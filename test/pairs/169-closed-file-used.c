/* expect: use-after-free */
#include <stdio.h>

static int copy_head(const char *path)
{
    char b[64];
    size_t n;
    FILE *f = fopen(path, "r");
    if (!f)
        return -1;
    n = fread(b, 1, sizeof b, f);
#ifndef BAD
    if (ferror(f)) {
        fclose(f);
        return -1;
    }
#endif
    fclose(f);
#ifdef BAD
    if (ferror(f))
        return -1;
#endif
    return (int)n;
}

int main(void)
{
    printf("%d\n", copy_head("/etc/passwd"));
    return 0;
}
