/* debrief_parts.h: what the files of the debrief share. Inside core/debrief only. */
#ifndef HANDRAIL_DEBRIEF_DEBRIEF_PARTS_H
#define HANDRAIL_DEBRIEF_DEBRIEF_PARTS_H

#include "core/debrief/debrief.h"

/* ---- time ------------------------------------------------------------------------- */

/* Where the journal's two clocks stood at an event. */
typedef struct {
  gint64 wall_us;
  gint64 machine_us; /* since the run began, boots bridged by the wall clock */
} DebriefTick;

/* What is told is ordered by this host's wall clock. */
DebriefTime debrief_time_at_wall (const Debrief *debrief, gint64 wall_us);

/* ---- queues ----------------------------------------------------------------------- */

typedef struct {
  gint64 wall_us;
  gint64 at_us; /* procedure time; known once all events are */
  double total;
  double processed; /* NAN: not known */
} DebriefSample;

typedef struct {
  guint sample;
  double size;
} DebriefPoint;

typedef struct {
  char *name;
  double most;
  GArray *points; /* DebriefPoint, where it is not empty */
} DebriefQueue;

typedef struct {
  GArray *samples;    /* DebriefSample */
  GHashTable *queues; /* name → DebriefQueue * */
  guint points;       /* of all queues */
  gint64 holds_us;    /* for how long a sample stands for what comes after it */
} DebriefQueues;

void debrief_queues_init (DebriefQueues *queues);
void debrief_queues_clear (DebriefQueues *queues);
void debrief_queues_finish (Debrief *debrief);

/* Whether the total rose in the window before that time, but not before `from_us`, and by
 * how many jobs a minute. FALSE where that is not known, too. */
gboolean debrief_queues_rise (const Debrief *debrief, gint64 from_us, gint64 at_us,
                              double *rate);

/* What there was in the last sample up to that time; NAN: not known. */
double debrief_queues_total (const Debrief *debrief, gint64 at_us);

/* ---- the deployment --------------------------------------------------------------- */

typedef struct {
  double at_s; /* of the deployment's own time */
  gint64 arrived, done, lost, handed_back, queued, in_work;
} DebriefTally;

typedef struct {
  GArray *tallies;      /* DebriefTally, in order */
  GArray *times;        /* double: at_s of each happening */
  gint64 began_wall_us; /* this host's clock at its second 0; 0: when the run began */
} DebriefWorld;

void debrief_world_finish (Debrief *debrief);

/* How many jobs are told as lost at or after that time; -1: the deployment tells nothing. */
gint64 debrief_world_lost_since (const Debrief *debrief, gint64 at_us);

/* ---- findings --------------------------------------------------------------------- */

void debrief_findings_finish (Debrief *debrief);

/* The step at hand at that time, or NULL. */
const DebriefStep *debrief_step_at (const Debrief *debrief, gint64 at_us);

/* ---- the workers ------------------------------------------------------------------ */

/* Something was done to a service: that tells nothing of how it was before. */
typedef struct {
  gint64 at_us;
  char *service;
} DebriefChange;

/* What the run's own checks of the queues said last; `text` is NULL: nothing yet. */
typedef struct {
  gint64 at_us;
  char *step;
  char *text;
  gboolean holds;
} DebriefSaid;

/* ---- what it was ------------------------------------------------------------------- */

void debrief_course_finish (Debrief *debrief);

/* Why a rule stopped the run, without that it did; within `why`. */
const char *debrief_refusal_words (const char *why);

/* ---- all of it -------------------------------------------------------------------- */

typedef enum { DEBRIEF_RUNNER_UNKNOWN, DEBRIEF_RUNNER_HOLDS, DEBRIEF_RUNNER_GONE } DebriefRunner;

struct DebriefParts {
  RunState *state;
  DebriefRunner runner;
  GHashTable *workers;       /* names of services that work off jobs */
  GHashTable *counts;        /* service → how many this run last told it to have */
  GHashTable *steps;         /* id → DebriefStep *, borrowed */
  GArray *ticks;             /* DebriefTick of each event */
  gint64 boot_us;            /* of the last event */
  DebriefQuestion *standing; /* borrowed; NULL: none stands */
  DebriefTime waiting;       /* since when the step at hand may have been waited for */
  guint verdicts;            /* checks seen of the step at hand */
  GPtrArray *changes;        /* DebriefChange *, in order */
  DebriefSaid said;
  DebriefQueues queues;
  DebriefWorld world;
};

#endif
