/* expect: use-after-free */
#include <stdlib.h>
#include <stdio.h>
#include <stdint.h>

struct widget { struct widget *parent; int kids; };
static struct widget *focus;

static void widget_destroy(struct widget *w)
{
    uintptr_t was = (uintptr_t)w;
    if (w->parent)
        w->parent->kids--;
    free(w);
#ifdef BAD
    printf("destroyed %d\n", w->kids);
#endif
    if ((uintptr_t)focus == was)
        focus = NULL;
}

int main(void)
{
    struct widget *w = calloc(1, sizeof *w);
    if (!w)
        return 1;
    focus = w;
    widget_destroy(w);
    return focus != NULL;
}
