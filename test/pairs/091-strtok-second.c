/* expect: null-dereference */
#include <stdio.h>
#include <string.h>
#include <stdlib.h>

static int parse_cmd(char *line)
{
    char *cmd = strtok(line, " ");
    char *arg = strtok(NULL, " ");
    if (!cmd)
        return -1;
    if (strcmp(cmd, "set") == 0)
#ifdef BAD
        return atoi(arg);
#else
        return arg ? atoi(arg) : -1;
#endif
    return 0;
}

int main(void)
{
    char a[] = "set 4", b[] = "set", c[] = "get";
    printf("%d %d\n", parse_cmd(a), parse_cmd(c));
    printf("%d\n", parse_cmd(b));
    return 0;
}
