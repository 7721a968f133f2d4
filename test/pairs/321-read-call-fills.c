/* expect: uninitialized-heap-read */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

struct hdr { unsigned char id[4]; unsigned char rest[12]; };

static int probe(const char *path)
{
    int r = -1;
    struct hdr *h = malloc(sizeof *h);
    FILE *f = fopen(path, "rb");
    if (!h || !f)
        goto out;
#ifdef BAD
    if (fread(h, sizeof *h, 0, f) == 0)
#else
    if (fread(h, sizeof *h, 1, f) == 1)
#endif
        r = h->id[0] == 0x7f;
out:
    free(h);
    if (f)
        fclose(f);
    return r;
}

int main(void)
{
    return probe("/proc/self/exe") > 5;
}
