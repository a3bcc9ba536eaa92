/* hold.h: what a runner holds of a run: its folder, its locks, its journal, and what
 * it is made from. Either everything was got, or nothing is left behind but what says
 * why not. */
#ifndef HANDRAIL_RUNNER_HOLD_H
#define HANDRAIL_RUNNER_HOLD_H

#include "core/run/next.h"
#include "core/runner/inputs.h"
#include "core/runner/journal_file.h"

/* What was asked for. Texts are borrowed; members may be NULL where not marked. */
typedef struct {
  const char *root;     /* begin: the state root */
  const char *runbook;  /* begin */
  const char *site;     /* begin */
  GHashTable *settings; /* begin: --set; taken over */
  const char *from;     /* --from */
  const char *after;    /* --after */
  const char *abandon;  /* --abandon */
  const char *practice; /* begin: the simulated deployment's folder; NULL: the real thing */
  gint64 speed;         /* begin: procedure time per machine time */
  const char *run;      /* resume: the run's folder */
  gboolean accept;      /* resume: differences were shown and accepted */
} Order;

typedef struct {
  char *root;
  char *path;
  char *name;
  gboolean shared; /* others of the group may see and go on with it */
  int folder;
  int lock, site_lock;
  Inputs *inputs;
  Legacy *legacy; /* or NULL */
  char *from;     /* or NULL */
  GPtrArray *warnings; /* char *: for the first viewer */
  JournalFile *journal;
  RunState *state; /* of what is in the journal */
  gboolean practice;
  gint64 speed; /* procedure time per machine time */
  char *boot;
  Event *first; /* to be written first: run-began or run-resumed */
} Hold;

/* NULL with *refusal (a new reference, refusal.h). */
Hold *hold_begin (const Order *order, json_t **refusal);
Hold *hold_resume (const Order *order, json_t **refusal);
void hold_free (Hold *hold);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Hold, hold_free)

/* What is carried out, borrowed from `hold`. */
Procedure hold_procedure (const Hold *hold);

/* Gives the locks back: others may go on with the run and the site from now on. */
void hold_release (Hold *hold);

/* Modes of folders, and of files that are kept for reading. */
guint hold_folder_mode (const Hold *hold);
guint hold_kept_mode (const Hold *hold);

#endif
