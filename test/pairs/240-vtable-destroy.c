/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>

typedef struct stream stream;
struct stream_ops { int (*get)(stream *); void (*close)(stream *); };
struct stream { const struct stream_ops *ops; };
typedef struct { stream base; char *data; size_t pos; } memstream;

static int mem_get(stream *s)
{
    memstream *m = (memstream *)s;
    return m->data[m->pos] ? m->data[m->pos++] : -1;
}
static void mem_close(stream *s)
{
    memstream *m = (memstream *)s;
#ifndef BAD
    free(m->data);
#endif
    free(m);
}
static const struct stream_ops mem_ops = { mem_get, mem_close };

static stream *mem_open(const char *t)
{
    memstream *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    m->base.ops = &mem_ops;
    m->data = strdup(t);
    if (!m->data) {
        free(m);
        return NULL;
    }
    return &m->base;
}

int main(void)
{
    stream *s = mem_open("abc");
    int n = 0;
    if (!s)
        return 1;
    while (s->ops->get(s) >= 0)
        n++;
    s->ops->close(s);
    return n == 9;
}
