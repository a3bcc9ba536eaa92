/* launch.h: beginning a run, or going on with one: what the runner is started with, what
 * its answer means, what is asked of the operator in between.
 *
 * The same for lines (session.c) and screens (screen_launch.c), which start the runner and
 * show what is asked:
 *   LAUNCH_START  start a runner with launch_arguments(), then launch_answered()
 *   LAUNCH_ASK    a question stands: launch_take() what is typed
 *   LAUNCH_JOIN   the run is there: take part in launch_folder()
 *   LAUNCH_LEFT   the operator went no further
 *   LAUNCH_REFUSED  launch_refusal() says why */
#ifndef HANDRAIL_TUI_LAUNCH_H
#define HANDRAIL_TUI_LAUNCH_H

#include "tui/start.h"

typedef enum {
  LAUNCH_START,
  LAUNCH_ASK,
  LAUNCH_JOIN,
  LAUNCH_LEFT,
  LAUNCH_REFUSED,
} LaunchState;

typedef struct {
  const char *runbook, *site_file; /* absolute paths: the journal keeps them */
  const char *site;                /* its name */
  const char *root;                /* where runs are kept */
  GHashTable *settings;            /* --set: name → text */
  const char *from, *after;        /* or NULL */
  const char *practice;            /* folder of the simulated deployment; or NULL */
  gint64 speed;                    /* of practice */
} LaunchRun;

typedef struct Launch Launch;

Launch *launch_run (const LaunchRun *run);      /* everything is copied */
Launch *launch_resume (const char *folder);
void launch_free (Launch *launch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Launch, launch_free)

LaunchState launch_state (const Launch *launch);

/* Without the program, NULL-terminated; newly allocated. */
GStrv launch_arguments (const Launch *launch);

/* What the runner said; takes it over. */
void launch_answered (Launch *launch, Started *started);

/* What is asked: "unfinished" or "resume", a sentence, and what it takes, "resume | lab |
 * stop". Newly allocated but the first. */
const char *launch_subject (const Launch *launch);
char *launch_question (const Launch *launch);
char *launch_takes (const Launch *launch);

/* Lines about it, each behind two spaces: what differs. Newly allocated, "" for none. */
char *launch_details (const Launch *launch);

/* FALSE: this is not taken. NULL is the end of the input, and stops. */
gboolean launch_take (Launch *launch, const char *text);

/* The run's folder, with LAUNCH_JOIN. */
const char *launch_folder (const Launch *launch);
/* It was there before: of what happened, tell briefly. */
gboolean launch_is_resumed (const Launch *launch);
/* It was running already, under another runner. */
gboolean launch_is_joined (const Launch *launch);

const Started *launch_refusal (const Launch *launch);

#endif
