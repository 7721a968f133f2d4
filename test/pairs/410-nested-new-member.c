/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>

struct key { char *name; };
static struct key *key_new(const char *n)
{
    struct key *k = malloc(sizeof *k);
    if (!k)
        return NULL;
    k->name = strdup(n);
    if (!k->name) {
        free(k);
        return NULL;
    }
    return k;
}

static int check(const char *n)
{
    struct key *k = key_new(n);
    int r;
    if (!k)
        return -1;
    r = k->name[0] == 'x';
#ifndef BAD
    free(k->name);
#endif
    free(k);
    return r;
}

int main(void)
{
    return check("abc");
}
