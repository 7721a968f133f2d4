#include <stdlib.h>
#include <string.h>
#include <stdio.h>

struct opts { char *out; int verbose; };

static int parse(struct opts *o, int argc, char **argv)
{
     o->out = strdup("a.out");
    o->verbose = 0;
     if (!o->out)
         return -1;
    if (argc > 1) {
        char *n = strdup(argv[1]);
        if (!n)
             { free(o->out); return -1; }
         free(o->out);
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
