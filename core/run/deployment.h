/* deployment.h: one look at a platform, the same for all of them. Pure.
 *
 * The body of a REQUEST_PLATFORM reading:
 *   {"identity": {"engine": "…", "project": "…"},
 *    "clock_us": engine's wall clock, microseconds since 1970,
 *    "tool": how commands are spoken ("docker-compose", "docker compose"),
 *    "empty": that the platform has nothing of the project, and how its name can be
 *             looked up; absent when it has something, of whatever service,
 *    "services": {NAME: {                 the procedure's names
 *       "instances": [{"id", "name", "state", "running": bool, "settled": bool,
 *                      "hostname": what it calls itself inside, absent: the first 12
 *                      characters of its id,
 *                      "health": "healthy"|"unhealthy"|"starting"|absent,
 *                      "restarts": n, "exit": n, "since_us": started, "image",
 *                      "reason": why it is not up, absent when it is}],
 *       "grace_s": what a stop waits by default,
 *       "single": why there can be only one instance, absent when there can be more
 *    }}}
 * and, where there are any, "unlisted": {NAME: running}: services that the platform runs
 * in the same place and that the site file does not name.
 * "running" counts everything that exists as a process or may again by itself:
 * terminating, paused and restarting instances included. "settled" is false
 * while an instance is on its way to another state by itself. A managed service
 * and one the platform has never seen have no entry. */
#ifndef HANDRAIL_RUN_DEPLOYMENT_H
#define HANDRAIL_RUN_DEPLOYMENT_H

#include <glib.h>
#include <jansson.h>

/* Both looks saw the same; the engine's clock goes on meanwhile. NULL: nothing was seen. */
gboolean deployment_is_same (const json_t *body, const json_t *other);

/* NULL if the look saw no such service. */
const json_t *deployment_service (const json_t *body, const char *service);

guint deployment_instances (const json_t *body, const char *service); /* all, stopped too */
guint deployment_running (const json_t *body, const char *service);

/* Nothing of the project is there, not even stopped: it was removed, or its name is
 * wrong. To record this would be to record zeros, and a shutdown of it would come to
 * its end without having stopped anything. */
const char *deployment_empty (const json_t *body); /* the sentence that says so; or NULL */

/* The host names of the service's instances, stopped ones included: by these a worker
 * that reports to a job queue is known. Newly allocated. */
char *deployment_hostname (const json_t *instance); /* of one of them */
GStrv deployment_hostnames (const json_t *body, const char *service);

/* Services that run there and that the site does not name: {name: running}, or NULL. */
const json_t *deployment_unlisted (const json_t *body);

/* Every instance is where it will stay unless somebody acts. */
gboolean deployment_settled (const json_t *body, const char *service);

/* Instances that pass their health check (or have none), are up for at least
 * `up_us` by the engine's clock, and restarted no more often than in `before`
 * (an earlier body, or NULL). */
guint deployment_ready (const json_t *body, const char *service, const json_t *before,
                        gint64 up_us);

/* Why the first instance that is not up is not up, as one printable line; newly
 * allocated, or NULL. */
char *deployment_reason (const json_t *body, const char *service);

/* The set of images, sorted, joined by spaces; newly allocated; "" for none. */
char *deployment_images (const json_t *body, const char *service);

/* Longest default grace of a stop in seconds, or -1 if unknown. */
gint64 deployment_grace_s (const json_t *body, const char *service);

const char *deployment_single (const json_t *body, const char *service); /* or NULL */
const char *deployment_identity (const json_t *body, const char *name);  /* or NULL */
const char *deployment_tool (const json_t *body);                        /* or NULL */

#endif
