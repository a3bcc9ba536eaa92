/* serve_folder.h: the folder of a simulated deployment, and what stands in it.
 *
 *   bin/          the stand-ins: docker, docker-compose, redis-cli; nothing else
 *   PROJECT/      where its compose file would be
 *   site.yaml     the deployment as handrail sees it
 *   world.jsonl   what happened, an object a line
 *   control       the stand-ins' socket      redis         the simulated Redis' */
#ifndef HANDRAIL_PRACTICE_SERVE_FOLDER_H
#define HANDRAIL_PRACTICE_SERVE_FOLDER_H

#include "core/practice/world/world.h"

#define SERVE_FOLDER_CONTROL "control"
#define SERVE_FOLDER_REDIS "redis"
#define SERVE_FOLDER_SITE "site.yaml"
#define SERVE_FOLDER_TOLD "world.jsonl"
#define SERVE_FOLDER_BIN "bin"

/* Sidekiq's jobs are in this database, as site.yaml says. */
#define SERVE_FOLDER_DATABASE 1

/* Whether it is absolute, a folder, ours, and closed to others. FALSE with a sentence. */
gboolean serve_folder_check (const char *folder, GError **error);

/* The names that handrail-practice goes by in bin; NULL-terminated. */
extern const char *const serve_folder_stand_ins[];

/* `program`: what the stand-ins are links to. */
gboolean serve_folder_make_programs (const char *folder, const char *program,
                                     GError **error);

/* The folder of a compose project, with a file for people; NULL with `error`. */
char *serve_folder_make_project (const char *folder, const char *project,
                                 const Scenario *scenario, GError **error);

/* `health`: the address that answers for the application, or NULL. */
gboolean serve_folder_make_site (const char *folder, const World *world,
                                 const char *health, GError **error);

#endif
