/* world.h: the simulated deployment: containers, queues, jobs, and a clock.
 *
 * Pure: no descriptor, no clock. Time is the world's own, in microseconds since it began;
 * whoever owns the world says how late it is (world_advance()) before anything else is asked or
 * done. Everything of chance is drawn from streams of their own (of a queue its arrivals and
 * its jobs; one a container, an event, a Redis), by number and not by when: the n-th job of a
 * queue is the same, and would come at the same time, whatever the operator does.
 *
 * Its wall clock is `begin_wall_us` + its own time: a world that runs ten times as fast has
 * a wall clock that does. All times that it shows are by that clock; so an engine that
 * reads its clock (docker info, Redis' TIME) sees one deployment in which everything agrees. */
#ifndef HANDRAIL_PRACTICE_WORLD_H
#define HANDRAIL_PRACTICE_WORLD_H

#include <jansson.h>

#include "core/runbook/scenario.h"

typedef struct World World;

/* ---- containers ------------------------------------------------------------------------- */

typedef enum {
  CONTAINER_CREATED,
  CONTAINER_RUNNING,
  CONTAINER_STOPPING, /* told to stop, still running */
  CONTAINER_EXITED,
} ContainerState;

typedef enum { HEALTH_NONE, HEALTH_STARTING, HEALTH_HEALTHY, HEALTH_UNHEALTHY } HealthState;

typedef struct {
  const char *id;       /* 64 hexadecimal digits; the first 12 are its host name */
  const char *name;     /* PROJECT_SERVICE_N, as compose v1 names it */
  const char *image;    /* "sha256:…" */
  const ScenarioService *service;
  guint number;         /* from 1 */
  ContainerState state;
  HealthState health;
  int exit;             /* status when EXITED */
  guint restarts;       /* by the engine, of what ended by itself */
  gint64 created_us, started_us, finished_us; /* world time; before 0: before the world
                                                 began, but -1: never */
  GPtrArray *log;       /* char *: lines that it has printed, each "WALL\ttext"; bounded */
} Container;

/* `project` is the compose project that it is. Borrows the scenario. */
World *world_new (const Scenario *scenario, const char *project, guint64 seed,
                  gint64 begin_wall_us);
void world_free (World *world);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (World, world_free)

/* Everything up to `now_us` happens. Never goes back. */
void world_advance (World *world, gint64 now_us);
gint64 world_now_us (const World *world);
gint64 world_wall_us (const World *world);

/* When something happens next by itself, -1: never. */
gint64 world_next_us (const World *world);

const Scenario *world_scenario (const World *world);
const char *world_project (const World *world);
const char *world_engine_id (const World *world);
const char *world_image (const World *world, const char *service);

/* Container *, owned by the world, by service in file order and number. Removed ones are not there. */
const GPtrArray *world_containers (const World *world);

/* TRUE: the platform refuses this command that changes `service` (it is counted);
 * *says is what it prints, owned by the world. */
gboolean world_refuses (World *world, const char *service, const char **says);

/* The commands. Each begins now and comes to its end by itself; a container is named by id.
 * world_stop(): TERM now, KILL after `grace_us` when it still runs (exit 137; jobs in hand are
 * lost); a worker that ends in time hands its unfinished jobs back (exit 0).
 * Starting one that runs, and stopping one that does not, changes nothing. */
void world_stop (World *world, const char *id, gint64 grace_us);
void world_start (World *world, const char *id);
void world_kill (World *world, const char *id);
/* Makes containers of the service until there are `count`, started, or removes the ones
 * of the highest numbers that are not running. */
void world_create (World *world, const char *service, guint count);
void world_remove (World *world, const char *id);

/* ---- Redis and Sidekiq ------------------------------------------------------------------- */

typedef enum {
  REDIS_UP,
  REDIS_DOWN,    /* no container runs, or it has not come up yet */
  REDIS_FLAPPING /* takes no connection, drops those it has */
} RedisHealth;

RedisHealth world_redis (const World *world);

/* Another one at each start of it: 40 hexadecimal digits. */
const char *world_redis_run_id (const World *world);
gint64 world_redis_started_us (const World *world);
ScenarioKeeps world_redis_keeps (const World *world);
/* Changes since the last snapshot; when that was, in world time. */
guint64 world_redis_changes (const World *world);
gint64 world_redis_saved_us (const World *world);
void world_redis_save (World *world);

/* The database that Sidekiq uses, as its keys: what RESP commands are answered from. Values
 * are built when they are asked for. JSON strings, arrays (sets, lists: index 0 is the
 * newest), objects (hashes, sorted sets: member → score). NULL: there is no such key.
 * Keys: queues, queue:NAME, processes, PROCESS (hash: info busy beat quiet),
 * PROCESS:workers, PROCESS-signals, retry, schedule, dead, stat:processed, stat:failed. */
json_t *world_key (const World *world, const char *key);          /* new reference */
guint world_key_length (const World *world, const char *key);     /* without building it */
json_t *world_list_at (const World *world, const char *key, gint64 index); /* as LINDEX */
GStrv world_keys (const World *world);                            /* sorted */
const char *world_key_type (const World *world, const char *key); /* "list", "set", "none" */

/* When the key goes by itself, in world time; -1: never. */
gint64 world_key_expires_us (const World *world, const char *key);

/* What `quiet` does: a signal for a worker, taken up at its next sign of life (every 5 s).
 * Returns the length of the list of signals. */
guint world_signal (World *world, const char *process, const char *signal);

/* How long from now that list lives: 60 s since the last signal unless this is called.
 * FALSE: there is no such list. */
gboolean world_signal_expire (World *world, const char *process, gint64 after_us);

/* ---- the application --------------------------------------------------------------------- */

/* How /health answers now: {"healthy": bool, "errors": {"db", "redis", "sidekiq": text or
 * null}, "version": "…"}; NULL: nobody listens. New reference. */
json_t *world_health (const World *world);

/* ---- what has happened -------------------------------------------------------------------- */

/* The world's own journal: a JSON object an event, {"at": seconds of world time, "event":
 * "job-arrived" …}. Those since the last call, taken over by the caller; an array. Kinds, and what they have besides
 * ("service" and "container" where it is of one; "story" where the scenario has one):
 *   started up stopped killed     "exit" of the last two
 *   stopping                      "grace": seconds
 *   recovered              a worker that had hung gives signs of life again
 *   quieted  handed-back  jobs-lost           "jobs": how many
 *   unacknowledged                a job that was done when there was no Redis to be told
 *   queues-lost                   "jobs"; "again": that come back from an old snapshot
 *                                 though they were taken since; "scheduled"
 *   saved                         "jobs"; "why": command, save-point, shutdown
 *   intruder  refused             "service"
 *   flap                          "lasts": seconds
 *   jobs-arrived                  "queue", "jobs": by an event of the scenario
 *   drop-line
 * Single jobs are told only with `jobs`: job-arrived job-begun job-done, "queue", "jid"; the
 * first with "takes": seconds. */
void world_tell_jobs (World *world, gboolean jobs);
json_t *world_told (World *world);

/* Counts since the beginning (jobs that come back from an old snapshot arrive again, those
 * handed back are "interrupted"): {"arrived", "done", "lost", "interrupted", "queued", "in_work"}.
 * arrived = done + lost + queued + in_work always. New reference. */
json_t *world_tally (const World *world);

/* TRUE once when the operator's line is to be cut. */
gboolean world_drops_line (World *world);

#endif
