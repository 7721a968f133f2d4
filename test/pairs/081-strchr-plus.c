/* expect: null-dereference */
#include <stdio.h>
#include <string.h>

static int port_of(const char *hostport)
{
    const char *c = strchr(hostport, ':');
    int p = 0;
#ifndef BAD
    if (!c)
        return 80;
#endif
    for (c++; *c >= '0' && *c <= '9'; c++)
        p = p * 10 + (*c - '0');
    return p;
}

int main(void)
{
    printf("%d\n", port_of("localhost:8080"));
    printf("%d\n", port_of("localhost"));
    return 0;
}
