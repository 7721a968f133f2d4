/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>

struct result { int err; union { char *ok; const char *why; } u; };

static struct result load(int n)
{
    struct result r = { 0 };
    if (n < 0) {
        r.err = 1;
        r.u.why = "negative";
        return r;
    }
    r.u.ok = calloc(1, n + 1);
    if (!r.u.ok) {
        r.err = 2;
        r.u.why = "memory";
    }
    return r;
}

static int consume(int n)
{
    struct result r = load(n);
    size_t k;
    if (r.err)
        return -1;
    memset(r.u.ok, 'x', n);
    k = strlen(r.u.ok);
#ifdef BAD
    if (k == 0)
        return 0;
#endif
    free(r.u.ok);
    return (int)k;
}

int main(void)
{
    return consume(-1) + consume(0) + consume(4) == 77;
}
