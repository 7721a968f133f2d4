/* expect: missing-null-check */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

static void history_path(char *out, size_t n)
{
    const char *dir = getenv("HISTORY_FOLDER");
#ifdef BAD
    if (strlen(dir) + 10 < n)
#else
    if (dir && strlen(dir) + 10 < n)
#endif
        sprintf(out, "%s/.history", dir);
    else
        strcpy(out, ".history");
}

int main(void)
{
    char p[256];
    history_path(p, sizeof p);
    puts(p);
    return 0;
}
