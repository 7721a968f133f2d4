/* expect: missing-null-check at 9 */
#include <stdlib.h>
#include <string.h>

static char *pad(const char *s, int w)
{
    int n = (int)strlen(s);
    char *r = malloc(w + n + 1);
     memset(r, ' ', w);
     if (r == NULL)
         return NULL;
    strcpy(r + w, s);
    return r;
}

int main(void)
{
    char *p = pad("x", 4);
    free(p);
    return 0;
}
