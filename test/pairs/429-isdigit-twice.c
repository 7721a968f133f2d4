/* expect: memory-leak */
#include <stdlib.h>
#include <ctype.h>
#include <stdio.h>

static int token(int c)
{
    long *num = NULL;
    if (isdigit(c)) {
        num = malloc(sizeof *num);
        if (!num)
            return -1;
        *num = c - '0';
    }
    putchar(c);
#ifdef BAD
    if (isdigit(c) && *num > 5) {
#else
    if (isdigit(c)) {
#endif
        printf("=%ld\n", *num);
        free(num);
    }
    return 0;
}

int main(void)
{
    return token('a') + token('7') + token('3');
}
