/* expect: double-free */
#include <stdlib.h>
#include <string.h>

struct tex { unsigned char *data; int id; };
struct mat { struct tex *diffuse, *glow; };

static struct tex *tex_new(int id)
{
    struct tex *t = calloc(1, sizeof *t);
    if (t) {
        t->id = id;
        t->data = NULL;
    }
    return t;
}

static void mat_free(struct mat *m)
{
#ifdef BAD
    free(m->glow);
#else
    if (m->glow != m->diffuse)
        free(m->glow);
#endif
    free(m->diffuse);
    free(m);
}

int main(void)
{
    struct mat *m = malloc(sizeof *m);
    if (!m)
        return 1;
    m->diffuse = tex_new(1);
    m->glow = m->diffuse;
    mat_free(m);
    return 0;
}
