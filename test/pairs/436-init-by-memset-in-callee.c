/* expect: invalid-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

struct field { char *val; int len; int heap; };

static void field_init(struct field *f)
{
    memset(f, 0, sizeof *f);
#ifdef BAD
    f->heap = 1;
#endif
}

static int field_default(void)
{
    struct field f;
    int n;
    field_init(&f);
    f.val = "none";
    n = (int)strlen(f.val);
    if (f.heap)
        free(f.val);
    return n;
}

int main(void)
{
    return field_default() == 9;
}
