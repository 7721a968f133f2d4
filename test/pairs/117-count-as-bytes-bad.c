/* expect: allocation-size at 7, allocation-size at 11 */
#include <stdlib.h>

static long *squares(int n)
{
    int i;
     long *v = malloc(n);
    if (!v)
        return NULL;
    for (i = 0; i < n; i++)
        v[i] = (long)i * i;
    return v;
}

int main(void)
{
    free(squares(10));
    return 0;
}
