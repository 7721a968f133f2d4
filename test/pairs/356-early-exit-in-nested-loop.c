/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static int search(char grid[3][4], char want)
{
    int r, c;
    for (r = 0; r < 3; r++) {
        char *row = malloc(4);
        if (!row)
            return -1;
        memcpy(row, grid[r], 4);
        for (c = 0; c < 4; c++)
            if (row[c] == want)
#ifdef BAD
                goto hit;
#else
                break;
#endif
        free(row);
#ifndef BAD
        if (c < 4)
            return r * 10 + c;
#endif
    }
    return -1;
#ifdef BAD
 hit:
    return r * 10 + c;
#endif
}

int main(void)
{
    char g[3][4] = { "abc", "def", "ghi" };
    printf("%d\n", search(g, 'e'));
    return 0;
}
