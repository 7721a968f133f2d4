/* expect: memory-leak at 9 */
#include <stdlib.h>
#include <string.h>

struct account { char *email; int flags; };

static int account_set_email(struct account *a, const char *e)
{
     a->email = strdup(e);
     return a->email ? 0 : -1;
}

int main(void)
{
    struct account a = { NULL, 0 };
    account_set_email(&a, "old@example.org");
    account_set_email(&a, "new@example.org");
    free(a.email);
    return 0;
}
