/* expect: null-dereference */
#include <string.h>
#include <stdio.h>

static size_t stem_len(const char *f)
{
    const char *dot = strrchr(f, '.');
#ifdef BAD
    return strlen(f) - strlen(dot);
#else
    return dot ? (size_t)(dot - f) : strlen(f);
#endif
}

int main(void)
{
    printf("%lu\n", (unsigned long)stem_len("a.out"));
    printf("%lu\n", (unsigned long)stem_len("Makefile"));
    return 0;
}
