/* expect: memory-leak */
#include <stdlib.h>
#include <stdio.h>

struct seg { struct seg *next; int len; };

static struct seg *build(int n)
{
    struct seg *head = NULL, **tail = &head;
    int i;
    for (i = 0; i < n; i++) {
        struct seg *s = malloc(sizeof *s);
        if (!s)
            break;
        s->len = i;
        s->next = NULL;
         *tail = s;
#ifdef BAD
        if (i != 1)
            tail = &s->next;
#else
        tail = &s->next;
#endif
    }
    return head;
}

static int drop(struct seg *s)
{
    int t = 0;
    while (s) {
        struct seg *n = s->next;
        t += s->len;
        free(s);
        s = n;
    }
    return t;
}

int main(void)
{
    printf("%d\n", drop(build(5)));
    return 0;
}
