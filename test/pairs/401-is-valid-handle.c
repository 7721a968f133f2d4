/* expect: missing-null-check */
#include <stdlib.h>
#include <string.h>

struct image { int w, h; unsigned char *px; };

static int image_is_valid(const struct image *im)
{
#ifdef BAD
    if (im->w <= 0 || im->h <= 0)
#else
    if (im->w <= 0 || im->h <= 0 || im->px == NULL)
#endif
        return 0;
    return 1;
}

static int invert(int w, int h)
{
    struct image im;
    int i, r;
    im.w = w;
    im.h = h;
    im.px = calloc(w, h);
    if (!image_is_valid(&im)) {
        free(im.px);
        return -1;
    }
    for (i = 0; i < w * h; i++)
        im.px[i] = 255 - im.px[i];
    r = im.px[0];
    free(im.px);
    return r;
}

int main(void)
{
    return invert(4, 4) == 1;
}
