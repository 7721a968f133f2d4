/* expect: null-dereference */
#include <stdlib.h>
#include <stdio.h>

struct job { int id; struct job *next; };

static int drain(struct job *j)
{
    int last = -1;
    struct job *prev = NULL;
    while (j) {
        prev = j;
        j = j->next;
    }
#ifdef BAD
    last = j->id;
#else
    last = prev ? prev->id : -1;
#endif
    return last;
}

int main(void)
{
    struct job b = { 2, NULL }, a = { 1, &b };
    printf("%d\n", drain(&a));
    return 0;
}
