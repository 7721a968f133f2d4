/* expect: memory-leak */
#include <stdlib.h>
#include <stdio.h>

enum op { OP_NOP, OP_FILL, OP_REJECT, OP_SUM };

static int exec_op(enum op o, int n)
{
    int i, r = 0;
    int *tmp = malloc(n * sizeof *tmp);
    if (!tmp)
        return -1;
    for (i = 0; i < n; i++)
        tmp[i] = i;
    switch (o) {
    case OP_NOP:
        break;
    case OP_FILL:
        r = tmp[n - 1];
        break;
    case OP_REJECT:
#ifndef BAD
        free(tmp);
#endif
        return -2;
    case OP_SUM:
        for (i = 0; i < n; i++)
            r += tmp[i];
        break;
    }
    free(tmp);
    return r;
}

int main(void)
{
    int k;
    for (k = OP_NOP; k <= OP_SUM; k++)
        printf("%d\n", exec_op((enum op)k, 9));
    return 0;
}
