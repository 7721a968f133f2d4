/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>

struct cred { char *user, *pass; };

static int cred_parse(struct cred *c, const char *s)
{
    const char *colon = strchr(s, ':');
    if (!colon)
        return -1;
    c->user = strndup(s, colon - s);
    if (!c->user)
        return -1;
    if (colon[1] == '\0')
#ifdef BAD
        return -1; 
#else
        { free(c->user); return -1; }
#endif
    c->pass = strdup(colon + 1);
    if (!c->pass) {
        free(c->user);
        return -1;
    }
    return 0;
}

static int login(const char *s)
{
    struct cred c;
    int ok;
    if (cred_parse(&c, s) < 0)
        return -1;
    ok = strcmp(c.user, c.pass) != 0;
    free(c.user);
    free(c.pass);
    return ok;
}

int main(void)
{
    return login("a:b") + login("bob:") + login("x") > 4;
}
