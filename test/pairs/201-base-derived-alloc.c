/* expect: allocation-size */
#include <stdlib.h>
#include <stdio.h>

struct shape { double (*area)(const struct shape *); };
struct circle { struct shape base; double r; };
struct rect { struct shape base; double w, h; };

static double circle_area(const struct shape *s) { return 3 * ((const struct circle *)s)->r; }
static double rect_area(const struct shape *s)
{
    const struct rect *r = (const struct rect *)s;
    return r->w * r->h;
}

static struct shape *shape_new(int kind)
{
#ifdef BAD
    struct shape *s = malloc(kind ? sizeof(struct circle) : sizeof(struct rect));
#else
    struct shape *s = malloc(kind ? sizeof(struct rect) : sizeof(struct circle));
#endif
    if (!s)
        return NULL;
    if (kind) {
        s->area = rect_area;
        ((struct rect *)s)->w = 2;
        ((struct rect *)s)->h = 4;
    } else {
        s->area = circle_area;
        ((struct circle *)s)->r = 1;
    }
    return s;
}

int main(void)
{
    int k;
    for (k = 0; k < 2; k++) {
        struct shape *s = shape_new(k);
        if (s)
            printf("%f\n", s->area(s));
        free(s);
    }
    return 0;
}
