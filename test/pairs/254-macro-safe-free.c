/* expect: use-after-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

#define SAFE_FREE(p) do { free(p); (p) = NULL; } while (0)

struct doc { char *title; char *body; };

static void doc_trim(struct doc *d)
{
    char *t = d->title;
    SAFE_FREE(d->title);
    if (!d->title)
#ifdef BAD
        printf("removed %s\n", t);
#else
        printf("removed %p\n", (void *)0);
    (void)t;
#endif
}

int main(void)
{
    struct doc d;
    d.title = strdup("draft");
    d.body = NULL;
    doc_trim(&d);
    return 0;
}
