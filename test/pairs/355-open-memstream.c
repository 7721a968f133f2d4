/* expect: memory-leak */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t table_width(int n)
{
    char *buf = NULL;
    size_t len = 0;
    FILE *m = open_memstream(&buf, &len);
    int i;
    if (!m)
        return 0;
    for (i = 0; i < n; i++)
        fprintf(m, "%d|", i);
    fclose(m);
#ifndef BAD
    free(buf);
#endif
    return len;
}

int main(void)
{
    printf("%lu\n", (unsigned long)table_width(12));
    return 0;
}
