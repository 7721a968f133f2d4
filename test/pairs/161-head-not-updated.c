/* expect: use-after-free */
#include <stdlib.h>
#include <stdio.h>

struct st { struct st *below; int v; };
static struct st *top;

static int push(int v)
{
    struct st *s = malloc(sizeof *s);
    if (!s)
        return 0;
    s->v = v;
    s->below = top;
    top = s;
    return 1;
}

static int pop(void)
{
    struct st *s = top;
    int v;
    if (!s)
        return -1;
    v = s->v;
#ifndef BAD
    top = s->below;
#endif
    free(s);
    return v;
}

int main(void)
{
    if (!push(1) || !push(2)) {
#ifndef BAD
        pop();
#endif
        return 1;
    }
    printf("%d\n", pop());
    printf("%d\n", pop());
    return 0;
}
