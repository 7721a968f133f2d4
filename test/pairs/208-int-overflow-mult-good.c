#include <stdlib.h>
#include <stdint.h>

struct px { uint8_t r, g, b, a; };

static struct px *image(uint16_t w, uint16_t h)
{
     size_t n = (size_t)w * h * sizeof(struct px);
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
