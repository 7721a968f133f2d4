/* expect: memory-leak */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#define HDR 8

static char *packet(const char *s)
{
    char *p = malloc(HDR + strlen(s) + 1);
    if (!p)
        return NULL;
    memset(p, 0, HDR);
    strcpy(p + HDR, s);
    return p + HDR;
}

static void packet_free(char *body)
{
    if (body)
        free(body - HDR);
}

int main(void)
{
    char *b = packet("data");
    if (b)
        puts(b);
#ifdef BAD
    if (b && strlen(b) > 8)
#else
    if (b)
#endif
        packet_free(b);
    return 0;
}
