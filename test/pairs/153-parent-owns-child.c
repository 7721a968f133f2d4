/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>

typedef struct Node Node;
struct Node { Node *first, *sib; char tag[8]; };

static Node *node_new(Node *parent, const char *tag)
{
    Node *n = calloc(1, sizeof *n);
    if (!n)
        return NULL;
    strncpy(n->tag, tag, 7);
    if (parent) {
        n->sib = parent->first;
        parent->first = n;
    }
    return n;
}

static void node_free(Node *n)
{
    Node *c, *nx;
#ifdef BAD
    if ((c = n->first) != NULL) {
#else
    for (c = n->first; c; c = nx) {
#endif
        nx = c->sib;
#ifdef BAD
        (void)nx;
#endif
        node_free(c);
    }
    free(n);
}

int main(void)
{
    Node *html = node_new(NULL, "html");
    Node *body;
    if (!html)
        return 1;
    node_new(html, "head");
    body = node_new(html, "body");
    if (body)
        node_new(body, "p");
    node_free(html);
    return 0;
}
