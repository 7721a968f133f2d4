/* expect: double-free at 21 */
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
     free(m->glow);
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
