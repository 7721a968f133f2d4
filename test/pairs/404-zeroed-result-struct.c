/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

typedef struct { int err; char *text; size_t len; } slurp_t;

static slurp_t slurp(const char *path)
{
    slurp_t r = { 0 };
    FILE *f = fopen(path, "r");
    if (!f) {
        r.err = 1;
        return r;
    }
    r.text = malloc(256);
    if (r.text)
        r.len = fread(r.text, 1, 256, f);
    else
        r.err = 2;
    fclose(f);
    return r;
}

static int lines(const char *path)
{
    slurp_t s = slurp(path);
    size_t i;
    int n = 0;
    if (s.err)
        return -1;
    for (i = 0; i < s.len; i++)
        n += s.text[i] == '\n';
#ifdef BAD
    if (n == 0)
        return 0;
#endif
    free(s.text);
    return n;
}

int main(void)
{
    return lines("/etc/passwd") + lines("/nope") + lines("/dev/null") < -5;
}
