/* expect: allocation-size */
#include <stdlib.h>
#include <string.h>

struct msg { int type; int len; };

static struct msg *msg_new(int type, const void *data, int len)
{
#ifdef BAD
    struct msg *m = malloc(sizeof(struct msg *) + len);
#else
    struct msg *m = malloc(sizeof(struct msg) + len);
#endif
    if (!m)
        return NULL;
    m->type = type;
    m->len = len;
#ifdef BAD
    memcpy(m + 1, data, len + 8);
#else
    memcpy(m + 1, data, len);
#endif
    return m;
}

int main(void)
{
    char pay[32] = "payload";
    struct msg *m = msg_new(1, pay, 16);
    free(m);
    return 0;
}
