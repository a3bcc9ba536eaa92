/* practice.h: beginning a practice, and what comes after its run. */
#ifndef HANDRAIL_TUI_PRACTICE_H
#define HANDRAIL_TUI_PRACTICE_H

#include "core/runbook/scenario.h"
#include "tui/cli.h"
#include "tui/find.h"
#include "tui/launch.h"
#include "tui/practice/practice_kept.h"

/* What its site files call their site. */
#define PRACTICE_SITE "practice"

/* Unless somebody says otherwise: fast enough that a two-minute window does not bore, slow
 * enough to read what happens. */
#define PRACTICE_SPEED 10

/* The scenario of a runbook that none is made for. */
#define PRACTICE_SCENARIO "calm"

/* The runbook for what a practised one has shut down. */
#define PRACTICE_STARTS_UP "startup"

/* Seeds that are chosen by chance: short enough to be typed again. */
#define PRACTICE_SEED_MAX 999999

typedef struct {
  const char *scenario; /* its name; NULL: PRACTICE_SCENARIO */
  const char *runbook;  /* a name or a file; NULL: the scenario's */
  gint64 speed;         /* 0: PRACTICE_SPEED */
  gint64 seed;          /* -1: by chance */
  const char *left_by;  /* the run (its folder) whose deployment it is to be; NULL: any */
} PracticeOrder;

/* What is practised, and on what. */
typedef struct {
  PracticeKept *kept;
  char *runbook; /* its file, absolute */
  char *site_file;
  gboolean begun; /* the deployment was begun for it; FALSE: it was there */
  gboolean down;  /* begun, and brought down before */
  char *left_by;  /* the run that left it so, where it was there; else NULL */
} Practice;

void practice_free (Practice *practice);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Practice, practice_free)

/* Begins a deployment, or goes on with one that is left over where the runbook brings
 * services back and nothing else was asked for: the newest that a run which is over has left
 * down, else the newest whose run has stopped. Where a run goes on somebody is at it, and it
 * is left alone. With `left_by` it is that one, or none. NULL with `error`, a sentence. */
Practice *practice_begin (const FindPlaces *places, const PracticeOrder *order,
                          GError **error);

/* Its run, about to begin. `settings`: --set. */
Launch *practice_launch (const Practice *practice, GHashTable *settings);

/* Ends the deployment and keeps what it told. */
void practice_end (const PracticeKept *kept);

/* The same where it did not come to a run: nothing of it is kept. */
void practice_give_up (const PracticeKept *kept);

/* A scenario by name or file; NULL with `error`, which names all there are. */
Scenario *practice_scenario (const FindPlaces *places, const char *name, GError **error);

/* After a viewer has left the run in `folder` of `kept`: the debrief where the run is over or
 * stopped, and what can be done next; the deployment ends where nothing is left to be done on
 * it. */
void practice_after (const CliCall *call, const PracticeKept *kept, const char *folder);

/* The same as text and a title for it (both newly allocated), of the newest run of `kept`.
 * NULL: it still goes; or none has begun, and nothing is kept. */
char *practice_story (const PracticeKept *kept, char **title);

/* The debrief of that run; the exit status. */
int practice_debrief (const CliCall *call, const PracticeKept *kept, const StoreRun *run);

#endif
