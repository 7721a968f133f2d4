/* expect: invalid-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static char *opt_name;

static void parse(int argc, char **argv)
{
    int i;
    for (i = 1; i + 1 < argc; i++)
        if (strcmp(argv[i], "-n") == 0)
#ifdef BAD
            opt_name = argv[i + 1];
#else
            opt_name = strdup(argv[i + 1]);
#endif
}

int main(void)
{
    char a0[] = "prog", a1[] = "-n", a2[] = "zed";
    char *av[] = { a0, a1, a2, NULL };
    parse(3, av);
    if (opt_name)
        puts(opt_name);
    free(opt_name);
    return 0;
}
