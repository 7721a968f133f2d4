/* expect: memory-leak */
#include <dirent.h>
#include <stdlib.h>
#include <stdio.h>

struct walker { DIR *d; int depth; };

static struct walker *walk_open(const char *p)
{
    struct walker *w = malloc(sizeof *w);
    if (!w)
        return NULL;
    w->d = opendir(p);
    if (!w->d) {
        free(w);
        return NULL;
    }
    w->depth = 0;
    return w;
}

static void walk_close(struct walker *w)
{
#ifndef BAD
    closedir(w->d);
#endif
    free(w);
}

int main(void)
{
    struct walker *w = walk_open("/etc");
    if (w)
        walk_close(w);
    return 0;
}
