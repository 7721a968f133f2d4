/* expect: stack-address-escape */
#include <stdio.h>

struct waiter { int id; struct waiter *next; };
static struct waiter *waiters;

static void wake(void)
{
    if (waiters)
        printf("wake %d\n", waiters->id);
}

static void wait_for(int id)
{
    struct waiter w;
    w.id = id;
    w.next = waiters;
    waiters = &w;
    wake();
#ifndef BAD
    waiters = w.next;
#endif
}

int main(void)
{
    wait_for(1);
    wait_for(2);
    wake();
    return 0;
}
