/* expect: memory-leak at 20 */
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
     if (isdigit(c) && *num > 5) {
        printf("=%ld\n", *num);
        free(num);
    }
    return 0;
}

int main(void)
{
    return token('a') + token('7') + token('3');
}
