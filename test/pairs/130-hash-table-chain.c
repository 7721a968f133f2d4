/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>

#define NB 8
struct bucket { struct bucket *next; char *key; int val; };
struct table { struct bucket *b[NB]; int count; };

static unsigned hash(const char *s)
{
    unsigned h = 5381;
    while (*s)
        h = h * 33 + (unsigned char)*s++;
    return h % NB;
}

static int table_put(struct table *t, const char *k, int v)
{
    unsigned h = hash(k);
    struct bucket *b = calloc(1, sizeof *b);
    if (!b)
        return -1;
    b->key = strdup(k);
    if (!b->key) {
        free(b);
        return -1;
    }
    b->val = v;
    b->next = t->b[h];
    t->b[h] = b;
    t->count++;
    return 0;
}

static void table_free(struct table *t)
{
    int i;
    for (i = 0; i < NB; i++) {
#ifdef BAD
        if (t->b[i]) {
            free(t->b[i]->key);
            free(t->b[i]);
#else
        struct bucket *b = t->b[i];
        while (b) {
            struct bucket *n = b->next;
            free(b->key);
            free(b);
            b = n;
#endif
        }
    }
    free(t);
}

int main(void)
{
    struct table *t = calloc(1, sizeof *t);
    char k[4] = "a";
    if (!t)
        return 1;
    for (; k[0] < 'z'; k[0]++)
        table_put(t, k, 1);
    table_free(t);
    return 0;
}
