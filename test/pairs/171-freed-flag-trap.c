/* expect: use-after-free */
#include <stdlib.h>
#include <string.h>
#include <stdbool.h>

static int process(char *in, bool last)
{
    bool gone = false;
    int r = 0;
    char *w = strdup(in);
    if (!w)
        return -1;
    if (last) {
        free(w);
#ifdef BAD
        gone = strlen(in) > 3;
#else
        gone = true;
#endif
    }
    if (!gone) {
        r = w[0];
        free(w);
    }
    return r;
}

int main(void)
{
    return process("ab", true) + process("cd", false) == 1;
}
