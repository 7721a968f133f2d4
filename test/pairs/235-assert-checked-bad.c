/* expect: missing-null-check at 10, missing-null-check at 11 */
#include <stdlib.h>
#include <assert.h>
#include <string.h>

static char *mk(int n)
{
    char *p = malloc(n);
     assert(n > 0);
    memset(p, 'a', n - 1);
    p[n - 1] = 0;
    return p;
}

int main(void)
{
    char *s = mk(5);
    int r = s[0] == 'a';
    free(s);
    return !r;
}
