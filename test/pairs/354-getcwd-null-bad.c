/* expect: memory-leak at 14 */
#include <unistd.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static int in_root(void)
{
    char *d = getcwd(NULL, 0);
    if (d && strcmp(d, "/") == 0) {
        free(d);
        return 1;
    }
     return 0;
}

int main(void)
{
    return in_root() == 9;
}
