/* A ring buffer of bytes between a producer and a consumer. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

struct ring_buffer {
    unsigned char *bytes;
    size_t capacity;
    size_t head;
    size_t count;
};

/* Correct: the structure is given back when its bytes cannot be had. */
struct ring_buffer *ring_buffer_new(size_t capacity)
{
    struct ring_buffer *ring = malloc(sizeof *ring);

    if (!ring)
        return NULL;
    ring->bytes = malloc(capacity);
    if (!ring->bytes) {
        free(ring);
        return NULL;
    }
    ring->capacity = capacity;
    ring->head = 0;
    ring->count = 0;
    return ring;
}

bool ring_buffer_put(struct ring_buffer *ring, unsigned char byte)
{
    if (ring->count == ring->capacity)
        return false;
    ring->bytes[(ring->head + ring->count++) % ring->capacity] = byte;
    return true;
}

bool ring_buffer_get(struct ring_buffer *ring, unsigned char *byte)
{
    if (ring->count == 0)
        return false;
    *byte = ring->bytes[ring->head];
    ring->head = (ring->head + 1) % ring->capacity;
    ring->count--;
    return true;
}

/* The check comes too late: the copy has been written by then. */
unsigned char *ring_buffer_snapshot(const struct ring_buffer *ring)
{
    unsigned char *copy = malloc(ring->count + 1);

    for (size_t i = 0; i < ring->count; i++)
        copy[i] = ring->bytes[(ring->head + i) % ring->capacity]; /* expect: missing-null-check */
    if (!copy)
        return NULL;
    copy[ring->count] = 0;
    return copy;
}

/* Without memory the ring goes on living, and its bytes do not. */
bool ring_buffer_resize(struct ring_buffer *ring, size_t capacity)
{
    free(ring->bytes); /* expect: missing-null-after-free */
    unsigned char *bytes = malloc(capacity);
    if (!bytes)
        return false;
    ring->bytes = bytes;
    ring->capacity = capacity;
    ring->head = 0;
    ring->count = 0;
    return true;
}

/* Two names for one block, each of them freed. */
void ring_buffer_swap(struct ring_buffer *ring, unsigned char *bytes, size_t capacity)
{
    unsigned char *old = ring->bytes;

    if (old == bytes)
        return;
    free(ring->bytes);
    ring->bytes = bytes;
    ring->capacity = capacity;
    ring->head = 0;
    ring->count = 0;
    free(old); /* expect: double-free */
}

/* Correct: free(NULL) does nothing, and the caller's pointer is gone, too. */
void ring_buffer_delete(struct ring_buffer **ring)
{
    if (!*ring)
        return;
    free((*ring)->bytes);
    free(*ring);
    *ring = NULL;
}

int main(void)
{
    struct ring_buffer *ring = ring_buffer_new(16);
    unsigned char byte;

    if (!ring)
        return EXIT_FAILURE;
    for (const char *text = "ritual\n"; *text; text++)
        ring_buffer_put(ring, (unsigned char)*text);
    while (ring_buffer_get(ring, &byte))
        putchar(byte);
    ring_buffer_delete(&ring);
    return EXIT_SUCCESS;
}
