/* docker_command.h: what the files docker_*.c share. Pure. */
#ifndef HANDRAIL_PRACTICE_DOCKER_COMMAND_H
#define HANDRAIL_PRACTICE_DOCKER_COMMAND_H

#include "core/practice/docker/docker.h"
#include "core/practice/docker/docker_arguments.h"

/* Docker's and compose's own, between the stop signal and the kill. */
#define DOCKER_GRACE_US (10 * G_USEC_PER_SEC)
/* For a time below zero: it is never killed. */
#define DOCKER_GRACE_ENDLESS_US (G_MAXINT64 / 4)

typedef struct {
  World *world; /* borrowed */
  char *directory;
} DockerProject;

/* What docker ends with when it does not understand its own options. */
#define DOCKER_STATUS_OPTIONS 125
/* And when it cannot read a template. */
#define DOCKER_STATUS_TEMPLATE 64

struct Docker {
  char *address;
  DockerIsThere is_there; /* or NULL */
  GPtrArray *projects;    /* DockerProject * */
};

struct DockerCommand {
  Docker *docker;
  char *directory;
  GStrv environment;
  json_t *said;
  GPtrArray *lanes; /* GQueue * of DockerPhase *: what is yet to be done, one after the other,
                     * and each lane beside the others */
  gsize width;      /* of the longest line of progress so far, as compose aligns them */
  int status;
};

/* ---- docker.c: saying, finding ------------------------------------------------ */

void docker_out (DockerCommand *command, const char *format, ...) G_GNUC_PRINTF (2, 3);
void docker_err (DockerCommand *command, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* As the daemon refuses: "Error response from daemon: …", and status 1. */
void docker_refuse (DockerCommand *command, const char *format, ...)
    G_GNUC_PRINTF (2, 3);

/* The variable's value; NULL: it is not set, or to nothing. */
const char *docker_environment (const DockerCommand *command, const char *name);

/* The containers of all projects that a name, an id or the beginning of one means: how
 * many; *found and *world are the last of them. */
guint docker_find (const Docker *docker, const char *word, const Container **found,
                   World **world);
gint64 docker_wall_us (const World *world, gint64 world_us);
gboolean docker_is_running (const Container *container);

/* "running", "created" or "exited" */
const char *docker_state (const Container *container);

/* NULL if there is none of that name. */
const DockerProject *docker_project (const Docker *docker, const char *name);

typedef struct DockerPhase DockerPhase;

/* What is pushed from now on is done beside what was pushed before. */
void docker_command_fork (DockerCommand *command);

/* Done after what was pushed since the last fork, if none of that was refused. Takes it over. */
void docker_command_push (DockerCommand *command, DockerPhase *phase);

/* ---- docker_work.c: what takes its time ------------------------------------------- */

/* Things that are done at the same time, with a line when each begins and ends:
 * "Stopping NAME ... done". `verb` NULL: nothing but its label, on standard output, at its end. */
DockerPhase *docker_phase_new (const char *verb);
void docker_phase_free (DockerPhase *phase);

/* Then go on adding to it what is done to the container, one after the other. */
void docker_phase_add (DockerPhase *phase, const char *label);
void docker_phase_stop (DockerPhase *phase, World *world, const Container *container,
                        gint64 grace_us);
void docker_phase_start (DockerPhase *phase, World *world, const Container *container);
void docker_phase_kill (DockerPhase *phase, World *world, const Container *container);
void docker_phase_remove (DockerPhase *phase, World *world, const Container *container);

/* When it begins, makes containers of the service until there are so many. */
void docker_phase_create (DockerPhase *phase, World *world, const char *service,
                          guint count);

/* None of it is done: it fails `after_us` from its begin. `says` is said of each, `closing`
 * once of all; either may be NULL. */
void docker_phase_refuse (DockerPhase *phase, World *world, const char *says,
                          const char *closing, gint64 after_us);

/* There is nothing to be done in it. */
gboolean docker_phase_is_empty (const DockerPhase *phase);

/* Makes room in the command's width for what it will say. */
void docker_phase_measure (const DockerPhase *phase, DockerCommand *command);

/* Says what it begins, once; then goes on as far as it can; TRUE: it is over. */
void docker_phase_begin (DockerPhase *phase, DockerCommand *command);
gboolean docker_phase_go_on (DockerPhase *phase, DockerCommand *command);

gboolean docker_phase_was_refused (const DockerPhase *phase);

/* "Stopping NAME ... done" */
void docker_say_progress (DockerCommand *command, const char *verb, const char *label,
                          const char *how);

/* ---- the two programs: each begins a command, argv without the program's name ---------- */

void docker_cli_begin (DockerCommand *command, const char *const *argv);
void docker_compose_begin (DockerCommand *command, const char *const *argv);

/* ---- commands of docker ---------------------------------------------------------------- */

typedef void (*DockerBegin) (DockerCommand *command, const DockerArguments *arguments);

extern const DockerOption docker_info_options[], docker_inspect_options[],
    docker_kill_options[], docker_list_options[], docker_logs_options[],
    docker_remove_options[], docker_start_options[], docker_time_options[],
    docker_version_options[];
void docker_info_begin (DockerCommand *command, const DockerArguments *arguments);
void docker_inspect_begin (DockerCommand *command, const DockerArguments *arguments);
void docker_kill_begin (DockerCommand *command, const DockerArguments *arguments);
void docker_list_begin (DockerCommand *command, const DockerArguments *arguments);
void docker_logs_begin (DockerCommand *command, const DockerArguments *arguments);
void docker_remove_begin (DockerCommand *command, const DockerArguments *arguments);
void docker_restart_begin (DockerCommand *command, const DockerArguments *arguments);
void docker_start_begin (DockerCommand *command, const DockerArguments *arguments);
void docker_stop_begin (DockerCommand *command, const DockerArguments *arguments);
void docker_version_begin (DockerCommand *command, const DockerArguments *arguments);

/* A container as `docker inspect` has it. A new reference. */
json_t *docker_inspect_json (const Docker *docker, World *world,
                             const Container *container);

/* "Up 5 seconds (healthy)"; "Exited (0) 2 minutes ago". Newly allocated. */
char *docker_list_status (const World *world, const Container *container);

/* "2 seconds", "About a minute". Newly allocated. */
char *docker_list_span (gint64 span_us);

#endif
