/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>
#include <stdarg.h>

typedef char gchar;
#define g_free free
#define g_return_val_if_fail(e, v) do { if (!(e)) return (v); } while (0)

static gchar *g_strdup_printf(const gchar *fmt, ...)
{
    gchar *r;
    va_list ap;
    int n;
    va_start(ap, fmt);
    n = vasprintf(&r, fmt, ap);
    va_end(ap);
    return n < 0 ? NULL : r;
}

static int describe(int id, int *len)
{
    gchar *s = g_strdup_printf("object <%d>", id);
#ifdef BAD
    g_return_val_if_fail(s != NULL, -1);
    g_return_val_if_fail(len != NULL, -1);
#else
    if (s == NULL || len == NULL) {
        g_free(s);
        return -1;
    }
#endif
    *len = (int)strlen(s);
    g_free(s);
    return 0;
}

int main(void)
{
    int n;
    describe(3, &n);
    describe(4, NULL);
    return 0;
}
