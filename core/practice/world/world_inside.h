/* world_inside.h: what the parts of a world know of each other; for world_*.c alone.
 *
 * Containers (world_containers.c) live and die. A container of workers has a Worker while
 * its process is up (world_workers.c), which takes jobs from the queues (world_jobs.c) and
 * writes into Redis what it is doing (world_processes.c). The one of Redis decides whether
 * there are queues at all, and what is left of them (world_redis.c). The scenario's events
 * come from outside (world_events.c). All are planned in one timetable. */
#ifndef HANDRAIL_PRACTICE_WORLD_INSIDE_H
#define HANDRAIL_PRACTICE_WORLD_INSIDE_H

#include "core/practice/world/chance.h"
#include "core/practice/world/job_list.h"
#include "core/practice/world/timetable.h"
#include "core/practice/world/world.h"

#define SECOND_US ((gint64)G_USEC_PER_SEC)

/* What Sidekiq writes of a process lives so long without a sign of life. */
#define PROCESS_LIFE_US (60 * SECOND_US)

/* The first characters of a container's id are its host name. */
#define HOST_CHARACTERS 12

typedef struct Worker Worker;

typedef struct {
  const ScenarioService *spec;
  guint made;            /* containers of it so far, removed ones too */
  char *image;
  gboolean has_stopped;  /* since it was last up */
} Service;

/* What world_containers() shows is its first member. */
typedef struct {
  Container shown;
  Service *service;
  Chance chance;    /* its id, then a token a start, and the phase of signs of life */
  char *id, *name;
  gboolean up;      /* answers: so long after its start as the scenario says */
  gboolean hangs;   /* does nothing, and hears no TERM */
  gboolean ending;  /* has heard TERM */
  gboolean ordered; /* by somebody from outside: it stays down */
  Due up_due, gone_due, kill_due;
  Worker *worker;   /* of workers, while up */
} Instance;

/* A job that a thread of a worker has in hand. */
typedef struct {
  Job job;
  gint64 since_us;
  guint thread;
} InHand;

typedef struct {
  Worker *worker;
  InHand hand;
  gboolean busy;
  Due end_due;
} Thread;

/* The process inside a container of workers. */
struct Worker {
  World *world;
  Instance *instance;
  char *name;        /* HOST:PID:TOKEN */
  gint64 started_us;
  Thread *threads;
  guint thread_count, busy;
  gboolean quiet;    /* takes no new jobs */
  guint64 processed; /* since its last sign of life */
  Due beat_due, hand_back_due, recover_due;
};

/* What stands in Redis of a worker, as of its last sign of life. */
typedef struct {
  char *name, *host;
  gint64 started_us, beat_us;
  guint threads, busy;
  gboolean quiet;
  GArray *hands;    /* of InHand */
  gboolean listed;  /* is in the set `processes` */
} Process;

typedef struct {
  const ScenarioQueue *spec;
  guint index;
  Chance arrivals, jobs; /* the n-th of each is the n-th job's, whether it comes or not */
  Due arrival_due;
  JobList *list;
  gboolean listed; /* is in the set `queues` */
} Queue;

typedef struct {
  Instance *instance; /* that is up; NULL: Redis is down */
  Service *service;   /* NULL: the scenario has none */
  Chance chance;
  char run_id[41];
  ScenarioKeeps keeps;
  gboolean flaps;
  Due flap_due;       /* its end */
  guint64 changes;    /* since the last snapshot */
  gint64 saved_us;
  Due save_due;
  GPtrArray *snapshot; /* JobList *, a queue each; NULL: there is none */
  guint scheduled, scheduled_saved;
  guint64 processed, processed_saved;
} Redis;

typedef struct {
  const ScenarioEvent *spec;
  guint index;
  Chance chance;
  Due due;
  gboolean begun; /* its trigger has come; it comes once */
} Event;

typedef struct {
  const ScenarioEvent *spec;
  gint64 left;
} Refusal;

struct World {
  const Scenario *scenario;
  char *project, *engine_id;
  guint64 seed;
  gint64 begin_wall_us, now_us;
  Timetable *timetable;
  GPtrArray *services;   /* Service * */
  GPtrArray *containers; /* Container *, each an Instance */
  GPtrArray *workers;    /* Worker *, owned by their instances */
  guint turn;            /* the worker that is asked first for the next job */
  GPtrArray *queues;     /* Queue * */
  GPtrArray *processes;  /* Process * */
  GHashTable *signals;   /* process: Signals * (world_processes.c) */
  Redis redis;
  GPtrArray *events;     /* Event * */
  GPtrArray *refusals;   /* Refusal * */
  gboolean drops_line;
  json_t *told;
  gboolean tells_jobs;
  const char *story;     /* for the next event that is told; or NULL */
  guint64 arrived, done, lost, interrupted;
};

/* ---- world_containers.c ------------------------------------------------------ */

void world_containers_open (World *world);
Service *world_containers_service (const World *world, const char *name);
guint world_containers_running (const World *world, const Service *service);
/* How many of the service answer and have not heard TERM. */
guint world_containers_up (const World *world, const Service *service);
/* All replicas of the service, those that were removed too. */
void world_containers_start_all (World *world, const char *service);
void world_containers_kill_all (World *world, const char *service);
/* A worker heard TERM; `ordered`: from the platform, else by way of Redis. */
void world_containers_end (World *world, Instance *instance, gboolean ordered);
/* It has nothing left to do, and is gone as soon as the scenario says. */
void world_containers_leave (World *world, Instance *instance);
void world_containers_log (World *world, Instance *instance, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* ---- world_workers.c --------------------------------------------------------- */

void world_workers_begin (World *world, Instance *instance);
/* Redis shows what they had in hand when practice began. */
void world_workers_settle (World *world);
/* It hears TERM. */
void world_workers_end (World *world, Worker *worker);
/* It is no more, and freed (`clean`: by itself). What it had in hand is lost. */
void world_workers_gone (World *world, Worker *worker, gboolean clean);
void world_workers_free (Worker *worker);
/* The next that would take a job; or NULL. */
Worker *world_workers_idle (World *world);
/* One that hangs has it in hand for ever. */
void world_workers_take (World *world, Worker *worker, const Job *job);
gboolean world_workers_has_room (const Worker *worker);
guint world_workers_in_work (const World *world);

/* ---- world_processes.c ------------------------------------------------------- */

/* Writes down what the worker is doing. */
void world_processes_beat (World *world, const Worker *worker, gint64 at_us);
/* A clean end: it is not listed any more. */
void world_processes_leave (World *world, const Worker *worker);
/* The oldest signal for the worker, or NULL. */
char *world_processes_take_signal (World *world, const Worker *worker);
gboolean world_processes_is_live (const World *world, const Process *process);
guint world_processes_live (const World *world);
/* Redis has lost them. */
void world_processes_clear (World *world);
const Process *world_processes_find (const World *world, const char *name);
/* char *, the newest first; or NULL. */
const GPtrArray *world_processes_signals (const World *world, const char *name);
/* In world time; -1: there are none. */
gint64 world_processes_signals_until (const World *world, const char *name);
void world_processes_free (World *world);
void world_processes_open (World *world);

/* ---- world_jobs.c ------------------------------------------------------------ */

void world_jobs_open (World *world);
void world_jobs_close (World *world);
/* What is in hand when practice begins, once there are workers. */
void world_jobs_begin (World *world);
/* FALSE: there is no Redis to take it. */
gboolean world_jobs_push (World *world, const Job *job);
void world_jobs_give_back (World *world, const Job *job);
Queue *world_jobs_queue (const World *world, const char *name);
guint world_jobs_queued (const World *world);
/* Workers that have room take what waits. */
void world_jobs_dispatch (World *world);
/* 24 hexadecimal digits; newly allocated. */
char *world_jobs_jid (const Job *job);

/* ---- world_redis.c ----------------------------------------------------------- */

void world_redis_open (World *world);
/* What is there when practice begins is on its disk. */
void world_redis_settle (World *world);
void world_redis_close (World *world);
/* The one of the container is up; has gone (`clean`: by TERM). */
void world_redis_up (World *world, Instance *instance);
void world_redis_gone (World *world, Instance *instance, gboolean clean);
void world_redis_flap (World *world, gint64 lasts_us);
/* Something was written. */
void world_redis_changed (World *world, guint64 changes);

/* ---- world_events.c ---------------------------------------------------------- */

void world_events_open (World *world);
void world_events_close (World *world);
void world_events_trigger (World *world, ScenarioTrigger trigger, const Service *service);

/* ---- world_tell.c ------------------------------------------------------------ */

/* A new event, owned by the world: members may be added until something else is told. */
json_t *world_tell_event (World *world, const char *event);
json_t *world_tell_instance (World *world, const char *event, const Instance *instance);
/* Only where single jobs are told. */
void world_tell_job (World *world, const char *event, const Job *job);

#endif
