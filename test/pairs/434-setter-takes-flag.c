/* expect: invalid-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

struct label { char *text; int owned; };

static void label_set(struct label *l, char *text, int take)
{
    l->text = text;
#ifdef BAD
    l->owned = text != NULL;
    (void)take;
#else
    l->owned = take != 0;
#endif
}

static int show(void)
{
    struct label l;
    char buf[8] = "stack";
    label_set(&l, buf, 0);
    puts(l.text);
    if (l.owned)
        free(l.text);
    return 0;
}

int main(void)
{
    return show();
}
