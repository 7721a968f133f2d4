/* expect: mismatched-deallocator */
#include <stdio.h>
#include <string.h>
#include <stdlib.h>

static int first_word(char *out, size_t n)
{
    int rc = -1;
    FILE *p = popen("echo hi there", "r");
    if (!p)
        return -1;
    if (fgets(out, (int)n, p)) {
        out[strcspn(out, " \n")] = 0;
        rc = 0;
    }
#ifdef BAD
    free(p);
#else
    pclose(p);
#endif
    return rc;
}

int main(void)
{
    char w[32];
    if (first_word(w, sizeof w) == 0)
        puts(w);
    return 0;
}
