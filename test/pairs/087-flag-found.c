/* expect: null-dereference */
#include <stdio.h>
#include <stdbool.h>

static int table[] = { 4, 8, 15, 16, 23 };

static int bump(int want)
{
    int *hit = NULL;
    bool found = false;
    for (unsigned i = 0; i < 5; i++) {
        if (table[i] == want) {
            hit = &table[i];
            found = true;
            break;
        }
    }
#ifdef BAD
    if (found || want > 0)
#else
    if (found)
#endif
        return ++*hit;
    return -1;
}

int main(void)
{
    printf("%d\n", bump(15));
    printf("%d\n", bump(99));
    return 0;
}
