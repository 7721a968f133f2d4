#include <stdlib.h>
#include <string.h>

static char *dup_lower(const char *s)
{
    size_t n = strlen(s);
     char *d = malloc(n + 1);
    if (!d)
        return NULL;
    strcpy(d, s);
    d[0] |= 0x20;
    return d;
}

int main(void)
{
    free(dup_lower("Hello, I am 24 chars lon"));
    return 0;
}
