/* expect: double-free */
#include <stdlib.h>
#include <string.h>

struct font { char *face; };
struct theme { struct font *title, *body; };

static struct font *font_load(const char *f)
{
    struct font *x = malloc(sizeof *x);
    if (!x)
        return NULL;
    x->face = strdup(f);
    if (!x->face) {
        free(x);
        return NULL;
    }
    return x;
}

static void font_free(struct font *f)
{
    if (f) {
        free(f->face);
        free(f);
    }
}

static void theme_drop(struct theme *t)
{
    font_free(t->title);
#ifdef BAD
    font_free(t->body);
#else
    if (t->body != t->title)
        font_free(t->body);
#endif
    t->title = t->body = NULL;
}

int main(void)
{
    struct theme t;
    t.title = font_load("Sans");
    t.body = t.title;
    theme_drop(&t);
    return 0;
}
