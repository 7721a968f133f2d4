/* expect: double-free */
#include <stdlib.h>
#include <string.h>

struct sess { char *user; };
struct server { struct sess *s[2]; struct sess *admin; };

static void server_stop(struct server *v)
{
    int i;
    for (i = 0; i < 2; i++)
        if (v->s[i]) {
            free(v->s[i]->user);
            free(v->s[i]);
        }
#ifdef BAD
    if (v->admin)
        free(v->admin);
#else
    v->admin = NULL;
#endif
}

int main(void)
{
    struct server v;
    memset(&v, 0, sizeof v);
    v.s[0] = calloc(1, sizeof(struct sess));
    if (!v.s[0])
        return 1;
    v.s[0]->user = strdup("root");
    v.admin = v.s[0];
    server_stop(&v);
    return 0;
}
