/* A daemon's life: start, reload on a signal, stop. In a process that runs for months the error paths run, too. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct server {
    char *name;
    char *buffer;
    size_t size;
};

static volatile sig_atomic_t reload_requested;

static void on_hangup(int signal_number)
{
    (void)signal_number;
    reload_requested = 1;
}

static char *read_name(const char *path)
{
    char line[256];
    FILE *file = fopen(path, "r");

    if (!file)
        return NULL;
    if (!fgets(line, sizeof line, file)) {
        fclose(file);
        return NULL;
    }
    fclose(file);
    line[strcspn(line, "\n")] = '\0';
    return strdup(line);
}

/* Correct: every allocation is checked, and what came before a failure is given back. */
int server_start(struct server *server, const char *name, size_t size)
{
    server->size = size;
    server->buffer = malloc(size);
    if (!server->buffer)
        return -1;
    server->name = strdup(name);
    if (!server->name) {
        free(server->buffer);
        server->buffer = NULL;
        return -1;
    }
    return 0;
}

/* The old name is gone before the new one is there: a failure leaves a pointer to freed memory in a living server. */
int server_reload(struct server *server, const char *path)
{
    free(server->name); /* expect: missing-null-after-free */
    char *name = read_name(path);
    if (!name)
        return -1;
    server->name = name;
    return 0;
}

/* The greeting is written into memory that may not be there. */
char *server_greeting(const struct server *server)
{
    size_t length = strlen(server->name) + sizeof "220 \r\n";
    char *greeting = malloc(length);

    snprintf(greeting, length, "220 %s\r\n", server->name); /* expect: missing-null-check */
    return greeting;
}

/* Whoever added the early clean-up did not see the one at the end. */
int server_answer(struct server *server, FILE *client)
{
    int result = -1;
    char *answer = malloc(server->size);

    if (!answer)
        return -1;
    if (!fgets(answer, (int)server->size, client)) {
        free(answer);
        goto done;
    }
    fputs(answer, client);
    result = 0;
done:
    free(answer); /* expect: double-free */
    return result;
}

void server_stop(struct server *server)
{
    free(server->buffer);
    free(server->name);
    server->buffer = NULL;
    server->name = NULL;
}

int main(int argc, char **argv)
{
    struct server server;

    if (argc < 2 || server_start(&server, argv[1], 4096) < 0)
        return EXIT_FAILURE;
    signal(SIGHUP, on_hangup);
    while (server_answer(&server, stdin) == 0) {
        if (reload_requested) {
            reload_requested = 0;
            puts("reload");
        }
    }
    server_stop(&server);
    return EXIT_SUCCESS;
}
