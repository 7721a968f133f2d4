/* expect: invalid-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static int convert(const char *in)
{
#ifdef BAD
    char *tmp;
#else
    char *tmp = NULL;
#endif
    int rc = -1;
    if (in[0] == '#')
        goto done;
    tmp = strdup(in);
    if (!tmp)
        goto done;
    rc = (int)strlen(tmp);
done:
    free(tmp);
    return rc;
}

int main(void)
{
    volatile char junk[64];
    int i;
    for (i = 0; i < 64; i++)
        junk[i] = 0x41;
    printf("%d\n", convert("data"));
    printf("%d\n", convert("# c"));
    return 0;
}
