/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

struct win { char *title; int w; };

static int win_title(struct win *w, const char *t)
{
    char *c = strdup(t);
    if (!c)
        return -1;
#ifndef BAD
    free(w->title);
#endif
    w->title = c;
    return 0;
}

static int open_win(void)
{
    struct win w = { NULL, 80 };
    int r;
    win_title(&w, "untitled");
    win_title(&w, "report");
    r = w.title ? w.title[0] : 0;
    free(w.title);
    return r;
}

int main(void)
{
    printf("%d\n", open_win());
    return 0;
}
