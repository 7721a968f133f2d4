/* expect: missing-null-check */
#include <stdio.h>

static int kernel_major(void)
{
    int maj = 0;
    FILE *fp = fopen("/proc/sys/kernel/osrelease", "r");
#ifndef BAD
    if (!fp)
        return 0;
#endif
    if (fscanf(fp, "%d", &maj) != 1)
        maj = 0;
    fclose(fp);
    return maj;
}

int main(void)
{
    printf("%d\n", kernel_major());
    return 0;
}
