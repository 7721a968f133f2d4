/* expect: invalid-free */
#include <sys/mman.h>
#include <stdlib.h>
#include <string.h>

static int scratch(size_t n)
{
    int r;
    char *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        return -1;
    memset(p, 1, n);
    r = p[n - 1];
#ifdef BAD
    free(p);
#else
    munmap(p, n);
#endif
    return r;
}

int main(void)
{
    return scratch(4096) == 9;
}
