/* Text that grows at its end, and the memory that its words are kept in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct text {
    char *bytes;
    size_t length;
    size_t capacity;
};

struct span {
    const char *start;
    size_t length;
};

/* Correct: the old block stays where it is until there is another. */
int text_reserve(struct text *text, size_t capacity)
{
    char *bytes;

    if (capacity <= text->capacity)
        return 0;
    bytes = realloc(text->bytes, capacity);
    if (!bytes)
        return -1;
    text->bytes = bytes;
    text->capacity = capacity;
    return 0;
}

/* When there is no memory, the only pointer to the old block is overwritten by NULL. */
char *read_all(FILE *in)
{
    size_t length = 0;
    size_t capacity = 256;
    char *bytes = malloc(capacity);
    int next;

    if (!bytes)
        return NULL;
    while ((next = getc(in)) != EOF) {
        if (length + 1 == capacity) {
            capacity *= 2;
            bytes = realloc(bytes, capacity); /* expect: realloc-leak */
            if (!bytes)
                return NULL;
        }
        bytes[length++] = (char)next;
    }
    bytes[length] = '\0';
    return bytes;
}

/* The terminator needs a byte, too. */
char *text_copy(const char *from)
{
    char *copy = malloc(strlen(from));

    if (!copy)
        return NULL;
    strcpy(copy, from); /* expect: allocation-size */
    return copy;
}

struct totals {
    size_t words;
    size_t letters;
};

/* Only one of the two members begins with a number. */
struct totals *count_words(const char *line)
{
    struct totals *totals = malloc(sizeof *totals);

    if (!totals)
        return NULL;
    totals->words = 0;
    for (; *line; line++) {
        if (*line == ' ')
            totals->words++;
        else
            totals->letters++; /* expect: uninitialized-heap-read */
    }
    return totals;
}

struct span first_word(const char *line)
{
    struct span word = { line, strcspn(line, " ") };

    return word;
}

/* The word stands in an array that is gone when the caller gets to it. */
const char *upper_word(const char *line)
{
    char word[32];
    struct span span = first_word(line);
    const char *result = word;

    if (span.length >= sizeof word)
        return NULL;
    for (size_t i = 0; i < span.length; i++)
        word[i] = (char)(span.start[i] >= 'a' && span.start[i] <= 'z' ? span.start[i] - 32 : span.start[i]);
    word[span.length] = '\0';
    return result; /* expect: stack-address-escape */
}

/* What was skipped is freed with the rest, or should be: free() wants the address that malloc() gave. */
void print_trimmed(const char *line)
{
    char *copy = strdup(line);

    if (!copy)
        return;
    while (*copy == ' ')
        copy++;
    puts(copy);
    free(copy); /* expect: invalid-free */
}

int main(int argc, char **argv)
{
    struct text text = { NULL, 0, 0 };

    if (argc == 1) {
        char *input = read_all(stdin);
        if (input)
            puts(input);
        free(input);
        return 0;
    }
    for (int i = 1; i < argc; i++) {
        size_t length = strlen(argv[i]);
        if (text_reserve(&text, text.length + length + 2) != 0)
            break;
        memcpy(text.bytes + text.length, argv[i], length);
        text.bytes[text.length + length] = ' ';
        text.length += length + 1;
        text.bytes[text.length] = '\0';
    }
    if (text.bytes)
        puts(text.bytes);
    free(text.bytes);
    return 0;
}
