/* expect: double-free */
#include <stdlib.h>
#include <string.h>

typedef struct lexer { char *tok; int line; } lexer;

static void lexer_reset(lexer *l)
{
    free(l->tok);
#ifndef BAD
    l->tok = NULL;
#endif
    l->line = 1;
}

static void lexer_destroy(lexer *l)
{
    free(l->tok);
    free(l);
}

int main(void)
{
    lexer *l = calloc(1, sizeof(lexer));
    if (!l)
        return 1;
    l->tok = strdup("while");
    lexer_reset(l);
    lexer_destroy(l);
    return 0;
}
