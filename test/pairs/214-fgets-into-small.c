/* expect: allocation-size */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#define LINE_MAX_ 128

static int first(const char *path)
{
    int n;
#ifdef BAD
    char *buf = malloc(LINE_MAX_ / 16);
#else
    char *buf = malloc(LINE_MAX_);
#endif
    FILE *f;
    if (!buf)
        return -1;
    f = fopen(path, "r");
    if (!f) {
        free(buf);
        return -1;
    }
    n = fgets(buf, LINE_MAX_, f) ? (int)strlen(buf) : 0;
    fclose(f);
    free(buf);
    return n;
}

int main(void)
{
    printf("%d\n", first("/etc/passwd"));
    return 0;
}
