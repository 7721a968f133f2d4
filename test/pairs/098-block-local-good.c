#include <stdio.h>
#include <string.h>

static int render(int err)
{
    const char *msg = "ok";
     char tmp[32];
    if (err) {
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
