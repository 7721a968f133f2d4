/* expect: missing-null-check */
#include <stdlib.h>
#include <string.h>
#include <stdbool.h>

typedef struct { float *pos, *vel; int n; } particles;

static bool particles_alloc(particles *p, int n)
{
    p->n = n;
    p->pos = malloc(n * sizeof(float));
    p->vel = malloc(n * sizeof(float));
#ifdef BAD
    return p->pos != NULL;
#else
    return p->pos && p->vel;
#endif
}

static void particles_free(particles *p)
{
    free(p->pos);
    free(p->vel);
}

int main(void)
{
    particles p;
    int i;
    if (!particles_alloc(&p, 10)) {
        particles_free(&p);
        return 1;
    }
    for (i = 0; i < p.n; i++) {
        p.pos[i] = 0;
        p.vel[i] = 1;
    }
    particles_free(&p);
    return 0;
}
