/* A list of strings that grows as needed and owns what it holds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct string_list {
    char **items;
    size_t count;
    size_t capacity;
};

/* Correct: the old array stays valid when realloc fails, and the copy is checked before it is counted. */
int list_append(struct string_list *list, const char *text)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 8;
        char **items = realloc(list->items, capacity * sizeof *items);
        if (!items)
            return -1;
        list->items = items;
        list->capacity = capacity;
    }
    char *copy = strdup(text);
    if (!copy)
        return -1;
    list->items[list->count++] = copy;
    return 0;
}

/* The array is filled without a look at whether there is one. */
struct string_list *list_of(size_t count, const char *text)
{
    struct string_list *list = calloc(1, sizeof *list);

    list->items = NULL; /* expect: missing-null-check */
    for (size_t i = 0; i < count; i++) {
        if (list_append(list, text) < 0)
            break;
    }
    return list;
}

/* When the copy fails, the element still points to the text that was freed, and list_clear() frees it again. */
int list_replace(struct string_list *list, size_t index, const char *text)
{
    if (index >= list->count)
        return -1;
    free(list->items[index]); /* expect: missing-null-after-free */
    char *copy = strdup(text);
    if (!copy)
        return -1;
    list->items[index] = copy;
    return 0;
}

/* Longest first; the shorter of two texts is freed, and on a tie both branches mean the same one. */
char *longer_of(char *first, char *second)
{
    size_t left = strlen(first);
    size_t right = strlen(second);

    if (left <= right)
        free(first);
    if (left == right)
        free(first); /* expect: double-free */
    return right >= left ? second : first;
}

/* Correct: the array and the counters are reset together. */
void list_clear(struct string_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    list->items = NULL;
    list->count = 0;
    list->capacity = 0;
}

int main(int argc, char **argv)
{
    struct string_list list = {0};

    for (int i = 1; i < argc; i++) {
        if (list_append(&list, argv[i]) < 0) {
            list_clear(&list);
            return EXIT_FAILURE;
        }
    }
    for (size_t i = 0; i < list.count; i++)
        puts(list.items[i]);
    list_clear(&list);
    return EXIT_SUCCESS;
}
