/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

struct kv { char *key; char *val; };

static int kv_parse(struct kv *out, const char *line)
{
    const char *eq;
    char *copy = strdup(line);
    if (!copy)
        return -1;
    eq = strchr(copy, '=');
#ifdef BAD
    if (!eq)
#else
    if (!eq) {
        free(copy);
#endif
        return -2;
#ifndef BAD
    }
#endif
    out->key = copy;
    copy[eq - copy] = '\0';
    out->val = copy + (eq - copy) + 1;
    return 0;
}

int main(void)
{
    const char *lines[] = { "a=b", "broken", "k=" };
    size_t i;
    for (i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct kv p;
        if (kv_parse(&p, lines[i]) == 0) {
            printf("%s -> %s\n", p.key, p.val);
            free(p.key);
        }
    }
    return 0;
}
