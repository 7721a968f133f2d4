/* expect: double-free */
#include <stdlib.h>
#include <string.h>

enum st { S_START, S_DATA, S_END };

static int machine(const char *in)
{
    enum st s = S_START;
    char *acc = calloc(1, 32);
    if (!acc)
        return -1;
    for (; *in; in++) {
        switch (s) {
        case S_START:
            if (*in == '<')
                s = S_DATA;
            break;
        case S_DATA:
            if (*in == '>')
                s = S_END;
            else if (*in == '!') {
#ifdef BAD
                free(acc);
#endif
                s = S_END;
            }
            break;
        case S_END:
            break;
        }
    }
    free(acc);
    return s == S_END;
}

int main(void)
{
    return machine("<abc>") + machine("<a!") == 9;
}
