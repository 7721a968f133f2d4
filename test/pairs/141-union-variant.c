/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>

enum kind { K_INT, K_STR };
struct value { enum kind k; union { long i; char *s; } u; };

static int value_str(struct value *v, const char *s)
{
    v->k = K_STR;
    v->u.s = strdup(s);
    return v->u.s != NULL;
}

static void value_int(struct value *v, long i)
{
#ifndef BAD
    if (v->k == K_STR)
        free(v->u.s);
#endif
    v->k = K_INT;
    v->u.i = i;
}

static void value_clear(struct value *v)
{
    if (v->k == K_STR)
        free(v->u.s);
    v->k = K_INT;
}

int main(void)
{
    struct value v = { K_INT, { 0 } };
    value_str(&v, "text");
    value_int(&v, 7);
    value_clear(&v);
    return 0;
}
