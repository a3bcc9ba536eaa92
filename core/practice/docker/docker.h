/* docker.h: what docker and docker-compose do and say in practice: a command line in;
 * what it prints, and its exit status, out. Pure: the worlds hold the clock.
 *
 * The words are those of Debian 12's own (docker 20.10, docker-compose 1.29), which people
 * and handrail read. What the originals have and the simulation has not is
 * refused, and said to be missing: nothing is pretended. */
#ifndef HANDRAIL_PRACTICE_DOCKER_H
#define HANDRAIL_PRACTICE_DOCKER_H

#include "core/practice/world/world.h"

/* An engine with the projects that it has. */
typedef struct Docker Docker;

/* A command that has begun. */
typedef struct DockerCommand DockerCommand;

/* `address`: "unix://…" by which the engine may be named; every other one is refused. */
Docker *docker_new (const char *address);
void docker_free (Docker *docker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Docker, docker_free)

/* The world is a compose project whose file stands in `directory`. The first one added is
 * the engine's own: its clock and its id are the engine's. Borrows the world. */
void docker_add_project (Docker *docker, World *world, const char *directory);

/* Whether there is anything at that path, which is one from /: who names a compose file that is
 * none of the projects' is told whether it is another one. Without it there is nothing. */
typedef gboolean (*DockerIsThere) (const char *path);
void docker_look_with (Docker *docker, DockerIsThere is_there);

/* `argv[0]` ends in the name of one of the two; `directory` is where it was typed, and
 * `environment` what it was typed with, "NAME=value" each; NULL: nothing. The worlds are as late
 * as it is. It has begun, and may be over, when this returns. All of it is copied. */
DockerCommand *docker_command_new (Docker *docker, const char *const *argv,
                                   const char *directory, const char *const *environment);
void docker_command_free (DockerCommand *command);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DockerCommand, docker_command_free)

/* The worlds have come further: what the command waited for may have happened. */
void docker_command_go_on (DockerCommand *command);

/* What it has printed since the last call, in its order: [{"out": text} or {"err": text}].
 * A new reference. */
json_t *docker_command_said (DockerCommand *command);

/* TRUE: it is over, with that exit status. */
gboolean docker_command_is_over (const DockerCommand *command, int *status);

/* What the original prints, and its exit status, where no engine answers: the same list. */
json_t *docker_without_engine (const char *const *argv, int *status);

#endif
