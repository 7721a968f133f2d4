/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

enum { OK, E_NOMEM, E_EMPTY };

static int compile(const char *src, char **prog)
{
    char *p;
    if (!*src)
        return E_EMPTY;
    p = malloc(strlen(src) + 2);
    if (!p)
        return E_NOMEM;
    sprintf(p, ":%s", src);
    *prog = p;
    return OK;
}

static int run(const char *src)
{
    char *prog;
    int rc = compile(src, &prog);
    if (rc == OK)
        puts(prog);
    else
        fprintf(stderr, "error %d\n", rc);
#ifdef BAD
    if (rc == E_EMPTY)
        rc = OK;
#else
    if (rc == OK)
        free(prog);
#endif
    return rc;
}

int main(void)
{
    run("x");
    run("");
    return 0;
}
