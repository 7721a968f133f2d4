/* expect: memory-leak */
#include <stdlib.h>
#include <string.h>

typedef struct Sprite {
    char *name;
    unsigned *pixels;
    int w, h;
} Sprite;

Sprite *Sprite_New(const char *name, int w, int h)
{
    Sprite *s = malloc(sizeof(Sprite));
    if (!s) return NULL;
    s->name = strdup(name);
    s->pixels = calloc(w * h, sizeof(unsigned));
    s->w = w;
    s->h = h;
    if (!s->name || !s->pixels) {
        free(s->name);
        free(s->pixels);
        free(s);
        return NULL;
    }
    return s;
}

void Sprite_Delete(Sprite *s)
{
    if (!s) return;
    free(s->pixels);
#ifndef BAD
    free(s->name);
#endif
    free(s);
}

int main(void)
{
    Sprite *hero = Sprite_New("hero", 8, 8);
    if (hero)
        hero->pixels[3] = 0xff00ff;
    Sprite_Delete(hero);
    return 0;
}
