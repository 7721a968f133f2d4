/* expect: use-after-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

struct file { char *name; int refs; int open; };

static void file_close(struct file *f)
{
    free(f->name);
#ifndef BAD
    f->name = NULL;
#endif
    f->open = 0;
}

static void file_report(const struct file *f)
{
    printf("%s: %d\n", f->name ? f->name : "(closed)", f->open);
}

static int go(void)
{
    struct file f;
    f.name = strdup("log");
    f.refs = 1;
    f.open = 1;
    if (!f.name)
        return -1;
    file_close(&f);
    file_report(&f);
    return 0;
}

int main(void)
{
    return go();
}
