/* expect: use-after-free */
#include <stdlib.h>
#include <stdio.h>

struct req { int status; int keep; };

static int finish(struct req *r)
{
    if (!r->keep) {
        free(r);
        return 1;
    }
    return 0;
}

static int handle(int keep)
{
    int st;
    struct req *r = malloc(sizeof *r);
    if (!r)
        return -1;
    r->keep = keep;
    r->status = 200;
#ifdef BAD
    finish(r);
#endif
    st = r->status;
#ifdef BAD
    if (keep)
#else
    if (!finish(r))
#endif
        free(r);
    return st;
}

int main(void)
{
    printf("%d %d\n", handle(1), handle(0));
    return 0;
}
