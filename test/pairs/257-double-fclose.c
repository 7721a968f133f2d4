/* expect: double-free */
#include <stdio.h>
#include <stdlib.h>

static int save(const char *path, int v)
{
    int rc = 0;
    FILE *f = fopen(path, "w");
    if (!f)
        return -1;
    if (fprintf(f, "%d\n", v) < 0)
        rc = -1;
    if (fclose(f) != 0)
        rc = -1;
#ifdef BAD
    if (v > 3)
        fclose(f);
#endif
    return rc;
}

int main(void)
{
    return save("/dev/null", 4);
}
