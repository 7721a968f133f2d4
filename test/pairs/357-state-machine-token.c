/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <ctype.h>
#include <stdio.h>

static int words(const char *s)
{
    char *tok = NULL;
    size_t n = 0;
    int count = 0;
    for (;; s++) {
        if (isalpha((unsigned char)*s)) {
            if (!tok) {
                tok = malloc(32);
                if (!tok)
                    return -1;
                n = 0;
            }
            if (n < 31)
                tok[n++] = *s;
        } else if (tok) {
            tok[n] = 0;
            count++;
            free(tok);
            tok = NULL;
        }
        if (*s == '.')
#ifdef BAD
            break; 
#else
            { free(tok); break; }
#endif
        if (*s == '!' || !*s)
            break;
#ifdef BAD
        if (*s == '-' || (tok && n > 6))
            return -2;
#else
        if (*s == '-') { free(tok); return -2; }
#endif
    }
    return count;
}

int main(void)
{
    printf("%d %d\n", words("a bc d."), words("abcdefghij k"));
    return 0;
}
