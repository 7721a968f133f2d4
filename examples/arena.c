/* An arena: many objects from one block, all given back at once. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arena {
    char *base;
    size_t offset;
    size_t capacity;
};

/* Correct: the caller learns that there is no memory. */
int arena_init(struct arena *arena, size_t capacity)
{
    arena->base = malloc(capacity);
    if (arena->base == NULL)
        return -1;
    arena->offset = 0;
    arena->capacity = capacity;
    return 0;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    size_t aligned = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);

    if (aligned < size || aligned > arena->capacity - arena->offset)
        return NULL;
    void *result = arena->base + arena->offset;
    arena->offset += aligned;
    return result;
}

void arena_reset(struct arena *arena)
{
    arena->offset = 0;
}

/* The structure itself comes from the heap, and nobody asked whether it came. */
struct arena *arena_create(size_t capacity)
{
    struct arena *arena = malloc(sizeof *arena);

    arena->capacity = capacity; /* expect: missing-null-check */
    arena->offset = 0;
    arena->base = malloc(capacity);
    if (!arena->base) {
        free(arena);
        return NULL;
    }
    return arena;
}

/* A failure leaves the arena alive, with a base that points to freed memory. */
int arena_grow(struct arena *arena, size_t capacity)
{
    free(arena->base); /* expect: missing-null-after-free */
    char *base = malloc(capacity);
    if (!base)
        return -1;
    arena->base = base;
    arena->offset = 0;
    arena->capacity = capacity;
    return 0;
}

/* The loop frees the scratch memory that the last round freed already; without a comment among the words nothing does. */
int arena_fill(struct arena *arena, const char *const *words, size_t count)
{
    char *scratch = malloc(64);

    if (!scratch)
        return -1;
    for (size_t i = 0; i < count; i++) {
        char *word = arena_alloc(arena, strlen(words[i]) + 1);
        if (!word)
            continue;
        strcpy(word, words[i]);
        if (word[0] == '#')
            free(scratch); /* expect: double-free */
    }
    return 0; /* expect: memory-leak */
}

/* Correct: nothing is left that could be used by mistake. */
void arena_destroy(struct arena *arena)
{
    free(arena->base);
    arena->base = NULL;
    arena->capacity = 0;
    arena->offset = 0;
}

int main(void)
{
    struct arena arena;

    if (arena_init(&arena, 1024) < 0)
        return EXIT_FAILURE;
    char *word = arena_alloc(&arena, 6);
    if (word) {
        strcpy(word, "hello");
        puts(word);
    }
    arena_reset(&arena);
    arena_destroy(&arena);
    return EXIT_SUCCESS;
}
