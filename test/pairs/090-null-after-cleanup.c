/* expect: null-dereference */
#include <stdlib.h>
#include <stdio.h>

struct log { FILE *f; int lines; };

static void log_close(struct log *l)
{
    if (l->f)
        fclose(l->f);
    l->f = NULL;
}

static void log_line(struct log *l, const char *s)
{
#ifdef BAD
    fprintf(l->f, "%s\n", s);
#else
    if (l->f)
        fprintf(l->f, "%s\n", s);
#endif
    l->lines++;
}

int main(void)
{
    struct log l = { NULL, 0 };
    l.f = fopen("/dev/null", "w");
    if (!l.f)
        return 1;
    log_line(&l, "start");
    log_close(&l);
    log_line(&l, "stop");
    return l.lines == 9;
}
