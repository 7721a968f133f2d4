/* expect: null-dereference */
#include <stdio.h>
#include <string.h>

struct user { const char *name; int uid; };
static struct user users[] = { { "root", 0 }, { "www", 33 } };

static struct user *find_user(const char *n)
{
    size_t i;
    for (i = 0; i < sizeof users / sizeof *users; i++)
        if (strcmp(users[i].name, n) == 0)
            return &users[i];
    return NULL;
}

static int uid_of(const char *n)
{
    struct user *u = find_user(n);
#ifdef BAD
    return u->uid;
#else
    return u ? u->uid : -1;
#endif
}

int main(void)
{
    printf("%d\n", uid_of("www"));
    printf("%d\n", uid_of("nobody"));
    return 0;
}
