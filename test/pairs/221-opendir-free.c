/* expect: mismatched-deallocator */
#include <dirent.h>
#include <stdlib.h>

static int is_empty(const char *d)
{
    int n = 0;
    struct dirent *e;
    DIR *dp = opendir(d);
    if (!dp)
        return -1;
    while (n < 3 && (e = readdir(dp)))
        n++;
#ifdef BAD
    free(dp);
#else
    closedir(dp);
#endif
    return n == 2;
}

int main(void)
{
    return is_empty("/etc") > 1;
}
