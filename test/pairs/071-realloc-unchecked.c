/* expect: missing-null-check */
#include <stdlib.h>
#include <stdio.h>

static int *sieve_out;
static int n_out, cap_out;

static int emit(int p)
{
    if (n_out == cap_out) {
        int *t = realloc(sieve_out, (cap_out + 16) * sizeof(int));
#ifndef BAD
        if (!t)
            return -1;
#endif
        sieve_out = t;
        cap_out += 16;
    }
    sieve_out[n_out++] = p;
    return 0;
}

int main(void)
{
    int i, j;
    for (i = 2; i < 40; i++) {
        for (j = 2; j < i; j++)
            if (i % j == 0)
                break;
        if (j == i && emit(i) < 0)
            break;
    }
    printf("%d primes\n", n_out);
    free(sieve_out);
    sieve_out = NULL;
    return 0;
}
