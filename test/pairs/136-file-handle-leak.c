/* expect: memory-leak */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int sniff(const char *path)
{
    unsigned char h[4];
    FILE *f = fopen(path, "rb");
    if (!f)
        return -1;
    if (fread(h, 1, 4, f) != 4) {
#ifndef BAD
        fclose(f);
#endif
        return -2;
    }
    fclose(f);
    return memcmp(h, "\177ELF", 4) == 0;
}

int main(void)
{
    printf("%d %d\n", sniff("/proc/self/exe"), sniff("/dev/null"));
    return 0;
}
