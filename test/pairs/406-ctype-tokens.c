/* expect: memory-leak */
#include <stdlib.h>
#include <ctype.h>
#include <stdio.h>

static int count_idents(const char *s)
{
    char *id = NULL;
    int n = 0, k = 0;
    for (;; s++) {
        if (isalnum((unsigned char)*s)) {
            if (!id) {
                id = malloc(16);
                if (!id)
                    return -1;
                k = 0;
            }
            if (k < 15)
                id[k++] = *s;
        } else if (id) {
            id[k] = 0;
            n += isalpha((unsigned char)id[0]) != 0;
#ifdef BAD
            if (n != 2)
                free(id);
#else
            free(id);
#endif
            id = NULL;
        }
        if (*s == '\0')
            break;
    }
    return n;
}

int main(void)
{
    printf("%d\n", count_idents("a1 b2 33 c"));
    return 0;
}
