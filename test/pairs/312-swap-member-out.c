/* expect: use-after-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

struct frame { char *front, *back; };

static int frame_init(struct frame *f)
{
    f->front = calloc(1, 16);
    f->back = calloc(1, 16);
    if (f->front && f->back)
        return 0;
    free(f->front);
    free(f->back);
    return -1;
}

static void flip(struct frame *f)
{
    char *t = f->front;
    f->front = f->back;
    f->back = t;
}

static int play(void)
{
    struct frame f;
    char *old;
    if (frame_init(&f) < 0)
        return -1;
    old = f.back;
    strcpy(old, "next");
    flip(&f);
#ifndef BAD
    free(f.back);
    f.back = NULL;
    puts(old);
#endif
    free(f.front);
#ifdef BAD
    f.front = NULL;
    puts(old);
    free(f.back);
#endif
    return 0;
}

int main(void)
{
    return play();
}
