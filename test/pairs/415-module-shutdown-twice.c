/* expect: double-free */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

static char *state;

static int module_init(void)
{
    state = malloc(32);
    return state ? 0 : -1;
}

static void module_exit(void)
{
    free(state);
#ifndef BAD
    state = NULL;
#endif
}

static int run(int fail)
{
    if (module_init() < 0)
        return -1;
    if (fail)
        module_exit();
    module_exit();
    return 0;
}

int main(void)
{
    return run(0) + run(1);
}
