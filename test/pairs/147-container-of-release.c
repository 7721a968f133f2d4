/* expect: memory-leak */
#include <stdlib.h>
#include <stddef.h>
#include <string.h>

struct kref { int n; void (*release)(struct kref *); };
#define to_dev(k) ((struct dev *)((char *)(k) - offsetof(struct dev, ref)))

struct dev { char *name; struct kref ref; };

static void dev_release(struct kref *k)
{
    struct dev *d = to_dev(k);
#ifndef BAD
    free(d->name);
#endif
    free(d);
}

static void kref_put(struct kref *k)
{
    if (--k->n == 0)
        k->release(k);
}

static struct dev *dev_create(const char *name)
{
    struct dev *d = malloc(sizeof(*d));
    if (!d)
        return NULL;
    d->name = strdup(name);
    d->ref.n = 1;
    d->ref.release = dev_release;
    return d;
}

int main(void)
{
    struct dev *d = dev_create("eth0");
    if (d)
        kref_put(&d->ref);
    return 0;
}
