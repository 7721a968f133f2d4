/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static int total(const char *const *cfg)
{
    int sum = 0;
    while (*cfg) {
        char *line = strdup(*cfg++);
        char *eq;
        if (line == NULL)
            return -1;
        if (line[0] == ';')
#ifdef BAD
            continue;
#else
            { free(line); continue; }
#endif
        eq = strchr(line, '=');
        if (eq)
            sum += atoi(eq + 1);
        free(line);
    }
    return sum;
}

int main(void)
{
    static const char *const c[] = { "a=1", "; note", "b=2", NULL };
    printf("%d\n", total(c));
    return 0;
}
