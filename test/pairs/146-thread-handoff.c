/* expect: memory-leak */
#include <pthread.h>
#include <stdlib.h>
#include <stdio.h>

struct arg { int id; int *out; };

static void *worker(void *p)
{
    struct arg *a = p;
    *a->out = a->id * 2;
#ifndef BAD
    free(a);
#endif
    return NULL;
}

static int launch(int id, int *out)
{
    pthread_t t;
    struct arg *a = malloc(sizeof *a);
    if (!a)
        return -1;
    a->id = id;
    a->out = out;
    if (pthread_create(&t, NULL, worker, a) != 0) {
        free(a);
        return -1;
    }
    pthread_join(t, NULL);
    return 0;
}

int main(void)
{
    int r = 0;
    launch(21, &r);
    printf("%d\n", r);
    return 0;
}
