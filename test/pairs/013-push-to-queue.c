/* expect: memory-leak */
#include <stdlib.h>
#include <stdio.h>

struct job { int id; struct job *next; };
static struct { struct job *head, **tail; int n, max; } q = { 0, &q.head, 0, 3 };

static int enqueue(struct job *j)
{
    if (q.n >= q.max)
        return 0;
    j->next = NULL;
    *q.tail = j;
    q.tail = &j->next;
    q.n++;
    return 1;
}

static void submit(int id)
{
    struct job *j = malloc(sizeof *j);
    if (!j)
        return;
    j->id = id;
#ifdef BAD
    enqueue(j);
#else
    if (!enqueue(j))
        free(j);
#endif
}

int main(void)
{
    int i;
    for (i = 0; i < 5; i++)
        submit(i);
    while (q.head) {
        struct job *j = q.head;
        q.head = j->next;
        printf("%d\n", j->id);
        free(j);
    }
    return 0;
}
