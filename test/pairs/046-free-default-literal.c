/* expect: invalid-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

struct opts { char *out; int verbose; };

static int parse(struct opts *o, int argc, char **argv)
{
#ifdef BAD
    o->out = "a.out";
#else
    o->out = strdup("a.out");
#endif
    o->verbose = 0;
#ifndef BAD
    if (!o->out)
        return -1;
#endif
    if (argc > 1) {
        char *n = strdup(argv[1]);
        if (!n)
#ifdef BAD
            return -1;
#else
            { free(o->out); return -1; }
        free(o->out);
#endif
        o->out = n;
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct opts o;
    if (parse(&o, argc, argv) < 0)
        return 1;
    printf("%s\n", o.out);
    free(o.out);
    return 0;
}
