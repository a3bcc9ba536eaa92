/* debrief.h: what happened in a run, how it was answered, and where the safe course was
 * left. Pure.
 *
 * Three lists of events, each folded as it comes; all are kept in the run's folder:
 *   the journal   what was asked, answered, done and refused; steps, questions, notes and
 *                 refusals come from it alone
 *   the samples   how many jobs were queued, for the curves and for whether they rose
 *   the world     in practice, what the simulated deployment tells of itself: what happened
 *                 to it, and what became of the jobs
 * Any but the journal may be missing: less is known then, and what is, is the same. Nothing
 * in it needs practice.
 *
 * Two clocks (DESIGN, "Two clocks"): times of the run are procedure time since it began;
 * how long a person took to answer is machine time. */
#ifndef HANDRAIL_DEBRIEF_DEBRIEF_H
#define HANDRAIL_DEBRIEF_DEBRIEF_H

#include "core/run/state.h"

/* Samples that are kept: two full files of them hold less (samples.h). Later ones are
 * passed over. */
#define DEBRIEF_SAMPLES_MAX 200000

/* How often a queue was not empty, over all queues: with more, only the total is kept. */
#define DEBRIEF_POINTS_MAX 1000000

/* What it tells when it ends itself. */
#define DEBRIEF_WORLD_ENDED "ended"

/* What the deployment tells: more than any practice needs. Later ones are passed over. */
#define DEBRIEF_HAPPENINGS_MAX 20000

/* ---- what it holds ---------------------------------------------------------------- */

typedef struct {
  gint64 at_us;   /* procedure time since the run began */
  gint64 wall_us; /* of this host; 0 where only the other is known */
} DebriefTime;

typedef enum {
  DEBRIEF_STEP_PENDING, /* not begun */
  DEBRIEF_STEP_OPEN,    /* begun, and not over when the journal ends */
  DEBRIEF_STEP_DONE,
  DEBRIEF_STEP_SKIPPED,    /* by a person */
  DEBRIEF_STEP_NOT_NEEDED, /* left out by `when`, or by --from */
} DebriefStepEnd;
const char *debrief_step_end_name (DebriefStepEnd end); /* "pending", "not-needed"… */

typedef struct {
  char *id, *title;
  DebriefStepEnd how;
  char *reason; /* of a skip, or of the last failure; or NULL */
  guint failures;
  DebriefTime began, ended; /* of PENDING neither counts, of OPEN only `began` */
} DebriefStep;

/* A question, or something said while no question stood. */
typedef struct {
  guint number; /* 0: while waiting */
  char *kind;   /* question_kind_name(), or "waiting" */
  Purpose purpose;
  char *step;
  char *text; /* what was asked; while waiting, what was missing, or NULL */
  DebriefTime asked;
  gint64 took_us;  /* machine time from when it stood; -1: it still stands */
  char *answer;    /* as in the journal ("go", "skip"); "withdrawn"; NULL: none */
  char *said;      /* the reason, the text or the word; why it was withdrawn; or NULL */
  char *accept;    /* the runbook's word that was accepted, or NULL */
  char *user;      /* who answered, or NULL */
  char *unmet;     /* what of the step's checks did not hold at the answer, or NULL */
  guint verdicts;  /* checks of the step that had been seen at the answer */
  gint64 fine_us;  /* until when the run's checks of the queues held, procedure time;
                      G_MININT64: they did not at last, or had not been seen */
  char *queues;    /* else what they said at last; or NULL */
  guint untrue;    /* of what the question itself showed, how many did not hold */
  json_t *details; /* the asked event's data, or NULL */
} DebriefQuestion;

typedef struct {
  DebriefTime at;
  char *step; /* or NULL */
  char *text;
  char *user; /* of a note; else NULL */
} DebriefRemark;

/* Something that the deployment tells. */
typedef struct {
  DebriefTime at;
  char *event;  /* "stopped", "jobs-lost"… */
  char *name;   /* the service or queue, or NULL */
  gint64 count; /* of jobs; -1: it says none */
  char *story;  /* a sentence of the scenario, or NULL */
} DebriefHappening;

/* Counts over the run; -1: not known. */
typedef struct {
  gint64 arrived, done, queued, in_work;
  gint64 handed_back; /* interrupted, and back in their queue */
  gint64 lost;
  DebriefTime counted; /* as of when; a wall time of 0: these were not counted */
} DebriefJobs;

typedef enum { DEBRIEF_REMARK, DEBRIEF_CARELESS, DEBRIEF_DANGER } DebriefSeverity;
const char *debrief_severity_name (DebriefSeverity severity);

typedef struct {
  const char *rule; /* a stable name: "rising", "accepted"… */
  DebriefSeverity severity;
  DebriefTime at;
  char *step;          /* or NULL */
  char *done;          /* what was done, a sentence */
  const char *why;     /* why it matters, a sentence */
  const char *careful; /* what a careful operator does there, a sentence */
} DebriefFinding;

/* A series over the whole run: values[i] is the most in its share of the time, NAN where
 * nothing was seen. */
typedef struct {
  char *name; /* NULL: all queues together */
  double most, last;
  double *values;
} DebriefCurve;

typedef enum {
  DEBRIEF_COURSE_NOTHING, /* unfinished, and nothing was changed: there is no course */
  DEBRIEF_COURSE_PART,    /* unfinished; the safe course was kept as far as it came */
  DEBRIEF_COURSE_KEPT,    /* finished, and nothing but remarks is found */
  DEBRIEF_COURSE_LEFT,    /* something else is found */
} DebriefCourse;
const char *debrief_course_name (DebriefCourse course); /* "nothing-done", "kept-so-far"… */

typedef struct {
  guint steps, done, skipped, left_out; /* the others are not over, or not begun */
  gboolean changed; /* a command was begun, or somebody said to have done it by hand */
} DebriefProgress;

typedef struct DebriefParts DebriefParts;

typedef struct {
  const RunState *state; /* at the end of the journal */
  gint64 speed;          /* procedure time per machine time */
  DebriefTime end;       /* of the last event */
  GPtrArray *steps;      /* DebriefStep *, in the order of the runbook */
  GPtrArray *questions;  /* DebriefQuestion *, in order of time */
  GPtrArray *notes;      /* DebriefRemark * */
  GPtrArray *refusals;   /* DebriefRemark *: what the safety rules said */
  GPtrArray *happenings; /* DebriefHappening *, those during the run */
  DebriefJobs jobs;
  gboolean told;         /* the deployment told of itself */
  GPtrArray *findings;   /* DebriefFinding *, the gravest first, then by time */
  DebriefProgress progress;
  DebriefCourse course;
  GStrv careful;         /* what a careful operator does in this scenario; often empty */
  DebriefParts *parts;   /* private */
} Debrief;

/* ---- making one ------------------------------------------------------------------- */

typedef struct {
  const char *const *careful; /* sentences of the scenario, or NULL */
  /* Services that work off jobs; NULL: as far as the journal names them. */
  const char *const *workers;
} DebriefOptions;

/* `options` is copied and may be NULL. */
Debrief *debrief_new (const DebriefOptions *options);
void debrief_free (Debrief *debrief);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Debrief, debrief_free)

/* The events in the order of the journal, from the first. FALSE with `error`, nothing taken,
 * when it cannot follow. */
gboolean debrief_take_event (Debrief *debrief, const Event *event, GError **error);

/* A kept sample, or a line that the deployment told; in order of time. FALSE: it is none,
 * and was passed over. */
gboolean debrief_take_sample (Debrief *debrief, const char *line, gsize length);
gboolean debrief_take_world (Debrief *debrief, const char *line, gsize length);

/* Whether a runner holds the run now. Without it, that is not known. */
void debrief_take_runner (Debrief *debrief, gboolean holds);

/* Everything was taken. Once; before it, what `debrief` holds is not whole. */
void debrief_finish (Debrief *debrief);

/* ---- reading it ------------------------------------------------------------------- */

/* How it ended: "finished", "stopped by ada at a question of stop-web". Newly allocated. */
char *debrief_outcome (const Debrief *debrief);

/* How many steps are done: "4 of 11 steps, 1 skipped"; newly allocated. */
char *debrief_progress_words (const Debrief *debrief);

/* All queues together, then the biggest ones, at most `queues` of them; DebriefCurve *, each
 * of `width` values. Empty when nothing was sampled. Newly allocated. */
GPtrArray *debrief_curves (const Debrief *debrief, guint queues, guint width);

/* All of it (runbooks/README.md); a new reference. Curves have `width` values. */
json_t *debrief_to_json (const Debrief *debrief, guint width);

#endif
