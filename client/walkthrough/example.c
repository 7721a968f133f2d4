#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A label for a shelf. Nobody looks whether there was memory for it. */
char *make_label(int shelf)
{
    char *label = malloc(32);
    snprintf(label, 32, "shelf %d", shelf);
    return label;
}

/* The error exit frees the label, and so does everybody's way out. */
int print_label(int shelf, FILE *out)
{
    char *label = make_label(shelf);
    if (fputs(label, out) == EOF)
        free(label);
    fputc('\n', out);
    free(label);
    return 0;
}

int main(void)
{
    return print_label(7, stdout);
}
