/* expect: memory-leak */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

typedef int (*visit_fn)(const char *name, void *user);

static void each(const char **v, visit_fn fn, void *u)
{
    for (; *v; v++)
        if (fn(*v, u))
            break;
}

static int count_vowels(const char *name, void *user)
{
    int *n = user;
    char *low = strdup(name), *p;
    if (!low)
        return 1;
    for (p = low; *p; p++)
        *n += strchr("aeiou", *p) != NULL;
#ifndef BAD
    free(low);
#endif
    return *n > 3;
}

int main(void)
{
    const char *v[] = { "io", "ganymede", "europa", NULL };
    int n = 0;
    each(v, count_vowels, &n);
    printf("%d\n", n);
    return 0;
}
