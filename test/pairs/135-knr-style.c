/* expect: memory-leak */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *
concat(a, b)
    char *a, *b;
{
    char *r;

    if ((r = (char *) malloc((unsigned) (strlen(a) + strlen(b) + 1))) == NULL)
        return (NULL);
    (void) strcpy(r, a);
    (void) strcat(r, b);
    return (r);
}

int
lookup(dir, name)
    char *dir, *name;
{
    char *path;
    FILE *fp;

    if ((path = concat(dir, name)) == NULL)
        return (-1);
    if ((fp = fopen(path, "r")) == NULL)
#ifdef BAD
        return (0);
#else
        { free(path); return (0); }
#endif
    (void) fclose(fp);
    free(path);
    return (1);
}

main()
{
    (void) printf("%d %d\n", lookup("/etc/", "passwd"), lookup("/etc/", "no-such"));
    exit(0);
}
