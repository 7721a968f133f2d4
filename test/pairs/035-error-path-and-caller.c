/* expect: double-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static int decode(char *buf, size_t n)
{
    if (n < 4 || memcmp(buf, "MAGI", 4) != 0) {
        fprintf(stderr, "bad magic\n");
#ifdef BAD
        free(buf);
#endif
        return -1;
    }
    return 0;
}

static int load(const char *src)
{
    int rc;
    char *buf = strdup(src);
    if (!buf)
        return -1;
    rc = decode(buf, strlen(buf));
    free(buf);
    return rc;
}

int main(void)
{
    load("MAGI1");
    load("JUNK!");
    return 0;
}
