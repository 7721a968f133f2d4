/* expect: null-dereference */
#include <stdio.h>
#include <string.h>

static int find_value(char *line, char **val)
{
    char *eq;
    *val = NULL;
    eq = strchr(line, '=');
    if (eq == NULL)
        return -1;
    *val = eq + 1;
    return 0;
}

static int digit(char *line)
{
    char *v;
#ifdef BAD
    find_value(line, &v);
#else
    if (find_value(line, &v) < 0)
        return -1;
#endif
    return v[0] - '0';
}

int main(void)
{
    char a[] = "n=7", b[] = "none";
    printf("%d\n", digit(a));
    printf("%d\n", digit(b));
    return 0;
}
