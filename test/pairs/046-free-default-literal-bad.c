/* expect: invalid-free at 27 */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

struct opts { char *out; int verbose; };

static int parse(struct opts *o, int argc, char **argv)
{
     o->out = "a.out";
    o->verbose = 0;
    if (argc > 1) {
        char *n = strdup(argv[1]);
        if (!n)
             return -1;
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
