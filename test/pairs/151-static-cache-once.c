/* expect: memory-leak */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

static const char *home_dir(void)
{
    static char *cached;
#ifdef BAD
    {
#else
    if (cached == NULL) {
#endif
        const char *h = getenv("HOME");
        cached = strdup(h ? h : "/");
    }
    return cached ? cached : "/";
}

int main(void)
{
    printf("%s %s\n", home_dir(), home_dir());
    return 0;
}
