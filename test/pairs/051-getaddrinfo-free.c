/* expect: mismatched-deallocator */
#include <sys/types.h>
#include <sys/socket.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static int resolve(const char *h)
{
    struct addrinfo hints, *res = NULL;
    int fam;
    memset(&hints, 0, sizeof hints);
    hints.ai_flags = AI_NUMERICHOST;
    if (getaddrinfo(h, "80", &hints, &res) != 0)
        return -1;
    fam = res->ai_family;
#ifdef BAD
    free(res);
#else
    freeaddrinfo(res);
#endif
    return fam;
}

int main(void)
{
    printf("%d\n", resolve("127.0.0.1"));
    return 0;
}
