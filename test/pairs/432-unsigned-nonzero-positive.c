/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static int pack(const unsigned char *in, size_t extra)
{
    unsigned char *tail = NULL;
    int sum = in[0];
    if (extra) {
        tail = malloc(extra);
        if (!tail)
            return -1;
        memset(tail, 3, extra);
    }
#ifdef BAD
    if (extra > 1) {
#else
    if (extra > 0) {
#endif
        sum += tail[0];
        free(tail);
    }
    return sum;
}

int main(void)
{
    unsigned char b[1] = { 4 };
    printf("%d\n", pack(b, 0) + pack(b, 1) + pack(b, 2));
    return 0;
}
