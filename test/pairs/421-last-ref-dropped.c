/* expect: use-after-free */
#include <stdlib.h>
#include <stdio.h>

struct blob { int refs; int size; };

static struct blob *blob_new(int n)
{
    struct blob *b = malloc(sizeof *b);
    if (!b)
        return NULL;
    b->refs = 1;
    b->size = n;
    return b;
}

static void blob_put(struct blob *b)
{
    if (--b->refs == 0)
        free(b);
}

static int use(void)
{
    struct blob *b = blob_new(7);
    int n;
    if (!b)
        return -1;
#ifndef BAD
    n = b->size;
#endif
    blob_put(b);
#ifdef BAD
    n = b->size;
#endif
    return n;
}

int main(void)
{
    printf("%d\n", use());
    return 0;
}
