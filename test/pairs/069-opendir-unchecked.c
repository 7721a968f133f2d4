/* expect: missing-null-check */
#include <dirent.h>
#include <stdio.h>

static int entries(const char *d)
{
    struct dirent *e;
    int n = 0;
    DIR *dp = opendir(d);
#ifndef BAD
    if (dp == NULL)
        return -1;
#endif
    while ((e = readdir(dp)) != NULL)
        if (e->d_name[0] != '.')
            n++;
    closedir(dp);
    return n;
}

int main(void)
{
    printf("%d\n", entries("/etc") + entries("/nonexistent-dir"));
    return 0;
}
