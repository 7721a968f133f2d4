/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static char *g_title;

static int set_title(const char *t)
{
    char *n = strdup(t);
    if (n == NULL)
        return -1;
#ifndef BAD
    free(g_title);
#endif
    g_title = n;
    return 0;
}

int main(void)
{
    set_title("untitled");
    set_title("report.txt");
    if (g_title)
        puts(g_title);
    free(g_title);
    g_title = NULL;
    return 0;
}
