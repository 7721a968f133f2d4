/* expect: double-free */
#include <stdlib.h>
#include <string.h>

typedef struct { char *u, *p; } cred;

static void cred_free(cred *c)
{
    if (!c)
        return;
    free(c->u);
    free(c->p);
    free(c);
}

static cred *cred_new(const char *u, const char *p)
{
    cred *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->u = strdup(u);
    c->p = strdup(p);
    if (!c->u || !c->p) {
#ifdef BAD
        free(c->u);
#endif
        cred_free(c);
        return NULL;
    }
    return c;
}

int main(void)
{
    cred_free(cred_new("me", "pw"));
    return 0;
}
