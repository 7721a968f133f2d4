/* expect: allocation-size */
#include <stdlib.h>
#include <stdint.h>

struct px { uint8_t r, g, b, a; };

static struct px *image(uint16_t w, uint16_t h)
{
#ifdef BAD
    uint16_t n = w * h * sizeof(struct px);
#else
    size_t n = (size_t)w * h * sizeof(struct px);
#endif
    struct px *p = malloc(n);
    if (!p)
        return NULL;
    p[(size_t)w * h - 1].a = 255;
    return p;
}

int main(void)
{
    free(image(300, 300));
    return 0;
}
