/* A queue of tasks, some of which are cancelled while the queue is walked. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct task {
    struct task *next;
    char *title;
    int priority;
};

struct queue {
    struct task *first;
    size_t count;
};

static void task_free(struct task *task)
{
    if (!task)
        return;
    free(task->title);
    free(task);
}

/* A task whose title cannot be copied is forgotten, and so is its memory. */
struct task *task_new(const char *title, int priority)
{
    struct task *task = malloc(sizeof *task);

    if (!task)
        return NULL;
    task->next = NULL;
    task->priority = priority;
    task->title = strdup(title);
    if (!task->title)
        return NULL; /* expect: memory-leak */
    return task;
}

/* Correct: where a queue begins is a place like any other. */
void queue_push(struct queue *queue, struct task *task)
{
    struct task **place = &queue->first;

    while (*place && (*place)->priority >= task->priority)
        place = &(*place)->next;
    task->next = *place;
    *place = task;
    queue->count++;
}

/* Correct: the next task is remembered before its neighbour goes. */
void queue_clear(struct queue *queue)
{
    struct task *task = queue->first;

    while (task) {
        struct task *next = task->next;
        task_free(task);
        task = next;
    }
    queue->first = NULL;
    queue->count = 0;
}

/* The way to the next task leads through memory that is gone. */
void queue_report(struct queue *queue, FILE *out)
{
    struct task *task = queue->first;

    queue->first = NULL;
    queue->count = 0;
    while (task) {
        fprintf(out, "%3d  %s\n", task->priority, task->title);
        task_free(task);
        task = task->next; /* expect: use-after-free */
    }
}

/* The title is read first, and whether there is a task is asked afterwards. */
int queue_peek(const struct queue *queue, char *title, size_t size)
{
    const struct task *task = queue->first;

    snprintf(title, size, "%s", task->title); /* expect: null-dereference */
    if (task == NULL)
        return -1;
    return task->priority;
}

int main(void)
{
    struct queue queue = { NULL, 0 };
    const char *const titles[] = { "water the plants", "pay the rent", "sleep" };
    char title[64];

    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
        struct task *task = task_new(titles[i], (int)(i * 7 % 5));
        if (!task)
            break;
        queue_push(&queue, task);
    }
    if (queue.first)
        printf("first: %d\n", queue_peek(&queue, title, sizeof title));
    queue_clear(&queue);
    return 0;
}
