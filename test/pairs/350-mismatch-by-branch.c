/* expect: mismatched-deallocator */
#include <stdio.h>
#include <stdlib.h>

struct src { FILE *f; int is_pipe; };

static int src_open(struct src *s, const char *what)
{
    s->is_pipe = what[0] == '|';
    s->f = s->is_pipe ? popen(what + 1, "r") : fopen(what, "r");
    return s->f ? 0 : -1;
}

static void src_close(struct src *s)
{
    if (s->is_pipe)
#ifdef BAD
        free(s->f);
#else
        pclose(s->f);
#endif
    else
        fclose(s->f);
}

int main(void)
{
    struct src s;
    if (src_open(&s, "/etc/passwd") == 0)
        src_close(&s);
    if (src_open(&s, "|true") == 0)
        src_close(&s);
    return 0;
}
