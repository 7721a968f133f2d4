/* expect: memory-leak */
#include <stdlib.h>

typedef struct tn { struct tn *l, *r; int key; } tn;

static tn *ins(tn *t, int k)
{
    if (!t) {
        t = calloc(1, sizeof(tn));
        if (t)
            t->key = k;
        return t;
    }
    if (k < t->key)
        t->l = ins(t->l, k);
    else
        t->r = ins(t->r, k);
    return t;
}

static void tree_free(tn *t)
{
    if (!t)
        return;
    tree_free(t->l);
#ifndef BAD
    tree_free(t->r);
#endif
    free(t);
}

int main(void)
{
    int a[] = { 5, 2, 8, 1, 9 }, i;
    tn *root = NULL;
    for (i = 0; i < 5; i++)
        root = ins(root, a[i]);
    tree_free(root);
    return 0;
}
