/* Reads "key = value" lines into a table. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    char *key;
    char *value;
    struct entry *next;
};

static struct entry *entries;
static char *last_error;

static char *trim(char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    size_t length = strlen(text);
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        text[--length] = '\0';
    return text;
}

/* Correct: one exit, and free(NULL) for what was not reached. */
static int add_entry(const char *key, const char *value)
{
    struct entry *entry = calloc(1, sizeof *entry);

    if (!entry)
        goto fail;
    entry->key = strdup(key);
    entry->value = strdup(value);
    if (!entry->key || !entry->value)
        goto fail_entry;
    entry->next = entries;
    entries = entry;
    return 0;

fail_entry:
    free(entry->key);
    free(entry->value);
    free(entry);
fail:
    return -1;
}

/* The message of the last failure is freed before there is a new one. */
int set_error(const char *file, int line)
{
    size_t size = strlen(file) + 32;

    free(last_error); /* expect: missing-null-after-free */
    char *message = malloc(size);
    if (!message)
        return -1;
    snprintf(message, size, "%s:%d: no '='", file, line);
    last_error = message;
    return 0;
}

/* Copies a part of a line; strndup() may fail as well as malloc(). */
char *upper_case(const char *text, size_t length)
{
    char *copy = strndup(text, length);

    for (char *c = copy; *c; c++) /* expect: missing-null-check */
        *c = (char)toupper((unsigned char)*c);
    return copy;
}

/* On a line without '=' the buffer is freed in the loop and behind the label. */
int read_config(const char *path)
{
    int result = -1;
    int number = 0;
    FILE *file = fopen(path, "r");
    if (!file)
        return -1;
    char *line = malloc(1024);
    if (!line)
        goto close_file;
    while (fgets(line, 1024, file)) {
        number++;
        char *equals = strchr(line, '=');
        if (!equals) {
            set_error(path, number);
            free(line);
            goto free_line;
        }
        *equals = '\0';
        if (add_entry(trim(line), trim(equals + 1)) < 0)
            goto free_line;
    }
    result = 0;
free_line:
    free(line); /* expect: double-free */
close_file:
    fclose(file);
    return result;
}

/* Correct: the next entry is read before this one is freed. */
void free_entries(void)
{
    struct entry *next;

    for (struct entry *entry = entries; entry; entry = next) {
        next = entry->next;
        free(entry->key);
        free(entry->value);
        free(entry);
    }
    entries = NULL;
    free(last_error);
    last_error = NULL;
}

int main(int argc, char **argv)
{
    int result = argc > 1 ? read_config(argv[1]) : 0;

    if (result < 0)
        fprintf(stderr, "%s\n", last_error ? last_error : "cannot read the configuration");
    for (struct entry *entry = entries; entry; entry = entry->next)
        printf("%s=%s\n", entry->key, entry->value);
    free_entries();
    return result < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
