/* expect: memory-leak */
#include <stdlib.h>
#include <stdbool.h>
#include <string.h>

static bool read_blob(unsigned char **buf, size_t *len, size_t want)
{
    *buf = malloc(want);
    if (*buf == NULL)
        return false;
    memset(*buf, 0xA5, want);
    *len = want;
    return true;
}

static int checksum(size_t want)
{
    unsigned char *b;
    size_t n, i;
    int sum = 0;
    if (!read_blob(&b, &n, want))
        return -1;
    for (i = 0; i < n; i++)
        sum ^= b[i];
#ifdef BAD
    if (sum == 0)
        return 0;
#endif
    free(b);
    return sum;
}

int main(void)
{
    return checksum(32) + checksum(33) > 1000;
}
