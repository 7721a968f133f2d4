/* expect: stack-address-escape */
#include <stdio.h>
#include <string.h>

static int render(int err)
{
    const char *msg = "ok";
#ifndef BAD
    char tmp[32];
#endif
    if (err) {
#ifdef BAD
        char tmp[32];
#endif
        sprintf(tmp, "error %d", err);
        msg = tmp;
    }
    return (int)strlen(msg);
}

int main(void)
{
    printf("%d\n", render(0) + render(5));
    return 0;
}
