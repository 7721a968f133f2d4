/* expect: memory-leak */
#include <stdlib.h>

struct cell { struct cell *next; int v; };
struct row { struct row *down; struct cell *cells; };

static void row_add(struct row *r, int v)
{
    struct cell *c = malloc(sizeof *c);
    if (c) {
        c->v = v;
        c->next = r->cells;
        r->cells = c;
    }
}

static struct row *sheet_new(int rows)
{
    struct row *top = NULL;
    while (rows-- > 0) {
        struct row *r = calloc(1, sizeof *r);
        if (!r)
            break;
        r->down = top;
        top = r;
        row_add(r, rows);
        row_add(r, rows * 2);
    }
    return top;
}

static void sheet_free(struct row *r)
{
    while (r) {
        struct row *d = r->down;
#ifdef BAD
        free(r->cells);
#else
        while (r->cells) {
            struct cell *n = r->cells->next;
            free(r->cells);
            r->cells = n;
        }
#endif
        free(r);
        r = d;
    }
}

int main(void)
{
    sheet_free(sheet_new(3));
    return 0;
}
