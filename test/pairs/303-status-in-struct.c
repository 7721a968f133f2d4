/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

enum status { ST_OK = 0, ST_EOF, ST_ERR };
struct line { enum status st; char *text; };

static struct line next_line(const char **in)
{
    struct line l = { ST_EOF, NULL };
    const char *e;
    if (**in == '\0')
        return l;
    e = strchr(*in, '\n');
    if (!e)
        e = *in + strlen(*in);
    l.text = strndup(*in, e - *in);
    if (!l.text) {
        l.st = ST_ERR;
        return l;
    }
    l.st = ST_OK;
    *in = *e ? e + 1 : e;
    return l;
}

static int count(const char *in)
{
    int n = 0;
    for (;;) {
        struct line l = next_line(&in);
        if (l.st != ST_OK)
            break;
#ifdef BAD
        if (l.text[0] == '#')
#else
        if (l.text[0] == '#') {
            free(l.text);
#endif
            continue;
#ifndef BAD
        }
#endif
        n++;
        free(l.text);
    }
    return n;
}

int main(void)
{
    printf("%d\n", count("a\n# b\nc"));
    return 0;
}
