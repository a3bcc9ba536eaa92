/* scenario.h: a deployment to practise on, and what happens to it: a file of
 * runbooks/practice/. Pure.
 *
 * A scenario says what is there when practice begins (services, queues), and what comes to
 * pass (events). With `like: NAME` everything that it does not say is as in that one;
 * services and queues are taken over member by member, events are its own. */
#ifndef HANDRAIL_RUNBOOK_SCENARIO_H
#define HANDRAIL_RUNBOOK_SCENARIO_H

#include "core/base/problem.h"
#include "core/runbook/field.h"

/* A deployment that one person stops, and that one process simulates. */
#define SCENARIO_SERVICES_MAX 50
#define SCENARIO_REPLICAS_MAX 50
#define SCENARIO_QUEUES_MAX 100
#define SCENARIO_EVENTS_MAX 100
#define SCENARIO_JOBS_MAX 100000      /* at once in a queue: each is kept */
#define SCENARIO_PER_MINUTE_MAX 6000  /* 100 a second: practice may run 1000 times as fast */

/* How many are like another one that is like another one: few, or nobody finds through. */
#define SCENARIO_LIKE_MAX 4

/* What a service is to the simulation. */
typedef enum {
  SCENARIO_PLAIN,       /* starts and stops */
  SCENARIO_WORKERS,     /* Sidekiq: takes jobs from the queues */
  SCENARIO_REDIS,       /* holds the queues */
  SCENARIO_APPLICATION, /* answers /health and /is_up */
} ScenarioRole;

/* What a Redis has of its data after a stop. */
typedef enum { SCENARIO_SNAPSHOTS, SCENARIO_AOF, SCENARIO_NOTHING } ScenarioKeeps;

typedef struct {
  char *name;        /* the site's and the platform's */
  int role;          /* ScenarioRole */
  gint64 replicas;   /* that the site means it to have; 0 to 50 */
  gint64 running;    /* when practice begins; FIELD_UNSET: as many as replicas */
  gint64 starts_us;  /* from its start until it answers, and is healthy where it has a check */
  gint64 stops_us;   /* from TERM until it is gone, jobs in hand besides */
  gboolean checked;  /* has a health check */
  gboolean hangs;    /* workers: those of the beginning give no sign of life and do nothing */
  gint64 recovers_us; /* when those go on by themselves; FIELD_UNSET: never */
  gint64 threads;    /* workers: jobs at a time, of one replica */
  gint64 hands_back_us; /* workers: how long after TERM they interrupt jobs (Sidekiq's -t) */
  int keeps;         /* Redis: ScenarioKeeps */
  char *version;     /* application: what /health says */
  Place place;
} ScenarioService;

/* Jobs arrive evenly spread by chance (exponential gaps), each with its length drawn
 * between `least_us` and `most_us`. */
typedef struct {
  char *name;
  gint64 holds;      /* jobs when practice begins */
  gint64 in_work;    /* jobs that are being worked on when practice begins */
  gint64 per_minute; /* arrivals */
  char *from;        /* they stop while this service does not run; NULL: never */
  gint64 least_us, most_us; /* length of a job */
  Place place;
} ScenarioQueue;

typedef enum {
  SCENARIO_START,     /* somebody starts a service: all its replicas */
  SCENARIO_KILL,      /* a service's replicas die, exit 137 */
  SCENARIO_REFUSE,    /* the platform refuses the next `times` commands that change `service` */
  SCENARIO_FLAP,      /* Redis drops connections and takes none for `lasts` */
  SCENARIO_JOBS,      /* `count` jobs arrive at once in `queue`, each `takes` long */
  SCENARIO_DROP_LINE, /* the operator's line is cut */
} ScenarioEventKind;

/* When: `at` after the beginning; or `delay` after `service` was first told to stop,
 * had stopped, or was up again. */
typedef enum { SCENARIO_AT, SCENARIO_STOPPING, SCENARIO_STOPPED, SCENARIO_UP } ScenarioTrigger;

typedef struct {
  int trigger;       /* ScenarioTrigger */
  char *of;          /* the service of the trigger, or NULL */
  gint64 delay_us;
  int kind;          /* ScenarioEventKind */
  char *service;     /* START, KILL, REFUSE */
  char *queue;       /* JOBS */
  gint64 times, count;
  gint64 lasts_us;   /* FLAP, JOBS: length of each job */
  char *says;        /* REFUSE: what the platform prints, or NULL */
  gint64 every_us;   /* again so long after it, FIELD_UNSET: once */
  char *story;       /* a sentence for the debrief: what happened */
  Place place;
} ScenarioEvent;

typedef struct {
  char *file, *name; /* as given; the file's name without .yaml */
  char *title, *about;
  char *runbook;     /* what is practised on it unless another is named */
  char *elsewhere;   /* the site file names this project, another one than is meant; or NULL */
  gboolean tells_jobs; /* every single job is written down, too */
  GStrv careful;     /* what a careful operator does here: sentences for the debrief */
  GPtrArray *services; /* ScenarioService *, in file order */
  GPtrArray *queues;   /* ScenarioQueue * */
  GPtrArray *events;   /* ScenarioEvent * */
} Scenario;

/* The bytes of the scenario of that name, for `like`; NULL with `error`. */
typedef GBytes *(*ScenarioRead) (const char *name, void *data, GError **error);

/* NULL if the file cannot be used; problems are added either way, with place and remedy:
 * unknown names, a job queue without a Redis, two Redis, a trigger of an unknown
 * service, `like` that comes back to itself. Problems of what it is like are of NAME.yaml.
 * A scenario that is returned with problems may lack what they are of. */
Scenario *scenario_load (const char *file, GBytes *bytes, ScenarioRead read, void *data,
                         Problems *problems);
void scenario_free (Scenario *scenario);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Scenario, scenario_free)

/* NULL if there is none. */
const ScenarioService *scenario_service (const Scenario *scenario, const char *name);

/* Tables for the reader, the reference and the schema. */
extern const Field scenario_fields[], scenario_service_fields[], scenario_queue_fields[],
    scenario_event_fields[], scenario_after_fields[];

extern const char *const scenario_roles[]; /* the words of ScenarioRole */

#endif
