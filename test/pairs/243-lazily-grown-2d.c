/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>

#define PAGES 4
#define PSIZE 16
static unsigned char *pages[PAGES];

static int poke(unsigned addr, int v)
{
    unsigned pg = addr / PSIZE;
    if (pg >= PAGES)
        return -1;
#ifdef BAD
    if (!pages[pg] || v == 0)
#else
    if (!pages[pg])
#endif
        pages[pg] = calloc(1, PSIZE);
    if (!pages[pg])
        return -1;
    pages[pg][addr % PSIZE] = v;
    return 0;
}

static void reset(void)
{
    int i;
    for (i = 0; i < PAGES; i++) {
        free(pages[i]);
        pages[i] = NULL;
    }
}

int main(void)
{
    poke(3, 1);
    poke(20, 2);
    poke(21, 0);
    reset();
    return 0;
}
