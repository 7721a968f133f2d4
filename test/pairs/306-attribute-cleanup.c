/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static void free_charp(char **p) { free(*p); }
#define autofree __attribute__((cleanup(free_charp)))

static int greet(const char *n)
{
    autofree char *a = strdup(n);
#ifdef BAD
    char *b = NULL;
#else
    autofree char *b = NULL;
#endif
    if (!a)
        return -1;
    b = malloc(strlen(a) + 7);
    if (!b)
        return -1;
    sprintf(b, "hello %s", a);
    puts(b);
    return 0;
}

int main(void)
{
    return greet("world");
}
