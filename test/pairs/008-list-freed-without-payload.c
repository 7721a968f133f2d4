/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>

struct item {
    struct item *next;
    char *text;
};

static int push(struct item **head, const char *s)
{
    struct item *it = malloc(sizeof *it);
    if (!it)
        return 0;
    it->text = strdup(s);
    if (!it->text) {
        free(it);
        return 0;
    }
    it->next = *head;
    *head = it;
    return 1;
}

static void clear(struct item *head)
{
    while (head) {
        struct item *n = head->next;
#ifndef BAD
        free(head->text);
#endif
        free(head);
        head = n;
    }
}

int main(void)
{
    struct item *l = NULL;
    push(&l, "one");
    push(&l, "two");
    clear(l);
    return 0;
}
