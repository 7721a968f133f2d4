/* expect: missing-null-check */
#include <stdlib.h>
#include <string.h>

typedef struct {
    unsigned char *cells;
    int w, h;
} board_t;

static void board_init(board_t *b, int w, int h)
{
    b->w = w;
    b->h = h;
    b->cells = calloc(w, h);
#ifndef BAD
    if (!b->cells)
        b->w = b->h = 0;
#endif
}

static void board_set(board_t *b, int x, int y, int v)
{
    if (x < b->w && y < b->h)
        b->cells[y * b->w + x] = v;
}

int main(void)
{
    board_t b;
    board_init(&b, 8, 8);
    board_set(&b, 2, 3, 1);
    free(b.cells);
    return 0;
}
