/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

struct reply { int failed; int code; char *body; };

static struct reply request(int k)
{
    struct reply r;
    memset(&r, 0, sizeof r);
    if (k < 0) {
        r.failed = 1;
        return r;
    }
    r.code = 200 + k;
    r.body = malloc(16);
    if (r.body == NULL) {
        r.failed = 1;
        return r;
    }
    snprintf(r.body, 16, "reply %d", k);
    return r;
}

static int fetch(int k)
{
    struct reply r = request(k);
    if (r.failed)
        return -1;
    puts(r.body);
#ifdef BAD
    if (r.code == 204)
        return 0;
#endif
    free(r.body);
    return r.code;
}

int main(void)
{
    return fetch(-1) + fetch(0) + fetch(4) == 1;
}
