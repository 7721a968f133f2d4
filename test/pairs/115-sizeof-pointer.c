/* expect: allocation-size */
#include <stdlib.h>
#include <string.h>

struct rec { long id; char tag[24]; };

static struct rec *rec_new(long id)
{
#ifdef BAD
    struct rec *r = malloc(sizeof(r));
#else
    struct rec *r = malloc(sizeof(*r));
#endif
    if (!r)
        return NULL;
    r->id = id;
    strcpy(r->tag, "new");
    return r;
}

int main(void)
{
    free(rec_new(9));
    return 0;
}
