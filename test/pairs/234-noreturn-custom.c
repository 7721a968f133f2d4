/* expect: missing-null-check */
#include <stdlib.h>
#include <stdio.h>
#include <stdarg.h>
#include <setjmp.h>

static jmp_buf top;

static void raise_error(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    longjmp(top, 1);
}

static int *new_cell(int v)
{
    int *c = malloc(sizeof *c);
#ifdef BAD
    if (c == NULL && v > 100)
#else
    if (c == NULL)
#endif
        raise_error("oom for %d\n", v);
    *c = v;
    return c;
}

int main(void)
{
    int *volatile a = NULL;
    if (setjmp(top))
        return 1;
    a = new_cell(4);
    printf("%d\n", *a);
    free(a);
    return 0;
}
