/* expect: null-dereference */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

struct node { const char *name; struct node *parent; };

static struct node root = { "root", NULL };
static struct node child = { "child", &root };

static struct node *parent_of(struct node *n)
{
    return n ? n->parent : NULL;
}

static const char *grand_name(struct node *n)
{
#ifdef BAD
    return parent_of(parent_of(n))->name;
#else
    struct node *g = parent_of(parent_of(n));
    return g ? g->name : "-";
#endif
}

int main(void)
{
    struct node leaf = { "leaf", &child };
    puts(grand_name(&leaf));
    puts(grand_name(&child));
    return 0;
}
