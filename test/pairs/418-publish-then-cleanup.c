/* expect: missing-null-after-free, use-after-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

struct rec { char *who; };

static struct rec *rec_make(const char *who)
{
    struct rec *r = NULL;
    char *w = strdup(who);
    if (!w)
        return NULL;
    r = malloc(sizeof *r);
    if (!r)
        goto out;
    r->who = w;
#ifndef BAD
    return r;
#endif
out:
    free(w);
    return r;
}

int main(void)
{
    struct rec *r = rec_make("me");
    if (!r)
        return 1;
    puts(r->who);
#ifndef BAD
    free(r->who);
#endif
    free(r);
    return 0;
}
