/* expect: double-free */
#include <stdlib.h>
#include <string.h>

static void *my_realloc(void *p, size_t n)
{
    if (n == 0) {
        free(p);
        return NULL;
    }
    return realloc(p, n);
}

static int churn(void)
{
    char *p = my_realloc(NULL, 8), *q;
    if (!p)
        return -1;
    q = my_realloc(p, 64);
    if (!q) {
        free(p);
        return -1;
    }
    strcpy(q, "grown");
#ifdef BAD
    my_realloc(q, 0);
#else
    q = my_realloc(q, 0);
#endif
    free(q);
    return 0;
}

int main(void)
{
    return churn();
}
