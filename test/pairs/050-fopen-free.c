/* expect: mismatched-deallocator */
#include <stdio.h>
#include <stdlib.h>

static int count_lines(const char *path)
{
    int c, n = 0;
    FILE *f = fopen(path, "r");
    if (!f)
        return -1;
    while ((c = getc(f)) != EOF)
        if (c == '\n')
            n++;
#ifdef BAD
    free(f);
#else
    fclose(f);
#endif
    return n;
}

int main(void)
{
    printf("%d\n", count_lines("/etc/passwd"));
    return 0;
}
