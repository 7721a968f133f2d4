/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>

struct account { char *email; int flags; };

static int account_set_email(struct account *a, const char *e)
{
#ifdef BAD
    a->email = strdup(e);
    return a->email ? 0 : -1;
#else
    char *n = strdup(e);
    if (!n)
        return -1;
    free(a->email);
    a->email = n;
    return 0;
#endif
}

int main(void)
{
    struct account a = { NULL, 0 };
    account_set_email(&a, "old@example.org");
    account_set_email(&a, "new@example.org");
    free(a.email);
    return 0;
}
