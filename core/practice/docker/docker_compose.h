/* docker_compose.h: what the files docker_compose*.c share. Pure. */
#ifndef HANDRAIL_PRACTICE_DOCKER_COMPOSE_H
#define HANDRAIL_PRACTICE_DOCKER_COMPOSE_H

#include "core/practice/docker/docker_command.h"

/* A command line of docker-compose. */
typedef struct {
  DockerCommand *command;
  const Scenario *scenario; /* whose services the compose file names */
  char *project;            /* the name that was given, or the file's; owned */
  gint64 answer_s;          /* what the engine is given to answer, besides a stop's grace */
  World *world;             /* NULL: the project has no containers */
} DockerCompose;

/* docker_compose_project.c. FALSE, and said, when nothing can be done: there is no such file,
 * or a variable names another engine or asks for what is not here. */
gboolean docker_compose_find_project (DockerCompose *compose,
                                      const DockerArguments *global);
gboolean docker_compose_check_environment (DockerCompose *compose, const char *host);

/* docker_compose_change.c */
extern const DockerOption docker_compose_no_options[], docker_compose_time_options[],
    docker_compose_kill_options[], docker_compose_up_options[];
void docker_compose_kill (DockerCompose *compose, const DockerArguments *arguments);
void docker_compose_restart (DockerCompose *compose, const DockerArguments *arguments);
void docker_compose_start (DockerCompose *compose, const DockerArguments *arguments);
void docker_compose_stop (DockerCompose *compose, const DockerArguments *arguments);
void docker_compose_unpause (DockerCompose *compose, const DockerArguments *arguments);
void docker_compose_up (DockerCompose *compose, const DockerArguments *arguments);

/* docker_compose_show.c */
extern const DockerOption docker_compose_list_options[], docker_compose_logs_options[];
void docker_compose_list (DockerCompose *compose, const DockerArguments *arguments);
void docker_compose_logs (DockerCompose *compose, const DockerArguments *arguments);

/* The names that the words are, all of the file's without any. NULL, and said, when one
 * is no service. Free with g_ptr_array_unref(); the names are borrowed. */
GPtrArray *docker_compose_services (DockerCompose *compose,
                                    const DockerArguments *arguments);

/* Its containers, by number. Free with g_ptr_array_unref(). */
GPtrArray *docker_compose_containers (const DockerCompose *compose, const char *service);

#endif
