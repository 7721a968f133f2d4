/* expect: null-dereference at 8 */
#include <string.h>
#include <stdio.h>

static size_t stem_len(const char *f)
{
    const char *dot = strrchr(f, '.');
     return strlen(f) - strlen(dot);
}

int main(void)
{
    printf("%lu\n", (unsigned long)stem_len("a.out"));
    printf("%lu\n", (unsigned long)stem_len("Makefile"));
    return 0;
}
