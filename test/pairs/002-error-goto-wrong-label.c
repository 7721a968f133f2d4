/* expect: memory-leak */
#include <stdlib.h>
#include <errno.h>

struct dev { unsigned char *rx; unsigned char *tx; int *map; };

static int dev_probe(struct dev **out, int want)
{
    int err = -ENOMEM;
    struct dev *d = calloc(1, sizeof(*d));
    if (!d)
        return -ENOMEM;
    d->rx = malloc(64);
    if (!d->rx)
        goto err_dev;
    d->tx = malloc(64);
    if (!d->tx)
        goto err_rx;
    d->map = calloc(16, sizeof(int));
    if (!d->map)
#ifdef BAD
        goto err_rx;
#else
        goto err_tx;
#endif
    if (want < 0) {
        err = -EINVAL;
        goto err_map;
    }
    *out = d;
    return 0;
err_map:
    free(d->map);
#ifndef BAD
 err_tx:
#endif
    free(d->tx);
err_rx:
    free(d->rx);
err_dev:
    free(d);
    return err;
}

static void dev_remove(struct dev *d)
{
    free(d->map);
    free(d->tx);
    free(d->rx);
    free(d);
}

int main(void)
{
    struct dev *d;
    if (dev_probe(&d, 1) == 0)
        dev_remove(d);
    if (dev_probe(&d, -1) == 0)
        dev_remove(d);
    return 0;
}
