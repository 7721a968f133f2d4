/* expect: allocation-size */
#include <stdlib.h>

struct small { short a; };
struct large { double m[16]; int rank; };

static struct large *large_new(int rank)
{
#ifdef BAD
    struct large *l = (struct large *)malloc(sizeof(struct small));
#else
    struct large *l = (struct large *)malloc(sizeof(struct large));
#endif
    if (l)
        l->rank = rank;
    return l;
}

int main(void)
{
    free(large_new(2));
    return 0;
}
