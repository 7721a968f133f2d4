/* expect: stack-address-escape at 11, stack-address-escape at 13 */
#include <stdio.h>
#include <string.h>

static int render(int err)
{
    const char *msg = "ok";
    if (err) {
         char tmp[32];
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
