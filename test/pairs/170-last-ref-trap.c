/* expect: use-after-free */
#include <stdlib.h>
#include <stdio.h>

typedef struct { int refs; int n; } Img;

static Img *img_new(int n)
{
    Img *i = malloc(sizeof *i);
    if (!i)
        return NULL;
    i->refs = 1;
    i->n = n;
    return i;
}

static Img *img_get(Img *i) { i->refs++; return i; }
static int img_put(Img *i)
{
    if (--i->refs > 0)
        return 0;
    free(i);
    return 1;
}

static int use(void)
{
    Img *a = img_new(4);
    Img *b;
    int n;
    if (!a)
        return -1;
    b = img_get(a);
    img_put(a);
#ifndef BAD
    n = b->n;
#endif
    img_put(b);
#ifdef BAD
    n = b->n;
#endif
    return n;
}

int main(void)
{
    printf("%d\n", use());
    return 0;
}
