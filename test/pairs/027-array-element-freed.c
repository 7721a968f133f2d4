/* expect: use-after-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

#define SLOTS 4
static char *slot[SLOTS];

static void drop(int i)
{
    free(slot[i]);
#ifndef BAD
    slot[i] = NULL;
#endif
}

static void show(void)
{
    int i;
    for (i = 0; i < SLOTS; i++)
        if (slot[i])
            puts(slot[i]);
}

int main(void)
{
    int i;
    for (i = 0; i < SLOTS; i++)
        slot[i] = strdup("x");
    drop(1);
    show();
    for (i = 0; i < SLOTS; i++)
#ifdef BAD
        if (i != 1)
            free(slot[i]);
#else
        free(slot[i]);
#endif
    return 0;
}
