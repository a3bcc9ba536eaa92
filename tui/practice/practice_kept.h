/* practice_kept.h: what is kept of practice, beside the real runs and never among them.
 *
 *   STATE/practice/<time>-<scenario>/    a root of runs like any other (store.h), and
 *     practice.json                      what it was begun with
 *     world.jsonl                        what happened in its deployment, when it is over
 *     runs/<time>-…/world.jsonl          the same as it stood when that run was debriefed
 *
 *   STATE/deployments/…                  a folder for each deployment that lives, and that goes
 *                                        with it; in /tmp where the path to STATE is too long
 *                                        for sockets */
#ifndef HANDRAIL_TUI_PRACTICE_KEPT_H
#define HANDRAIL_TUI_PRACTICE_KEPT_H

#include "core/store/store.h"

/* More than these are not kept once they are over. */
#define PRACTICE_KEPT_MAX 20

/* What folders of deployments are called first: only such a one is ever removed. */
#define PRACTICE_KEPT_FOLDER "handrail-practice-"

typedef struct {
  char *root;          /* the root of its runs */
  char *folder;        /* of its deployment; NULL: that has been put away */
  char *scenario;      /* its name */
  char *scenario_file;
  gint64 speed, seed;
  int claim; /* a descriptor, while the program that has begun it is at it; -1: none */
} PracticeKept;

void practice_kept_free (PracticeKept *kept);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeKept, practice_kept_free)

/* Everything that is kept (PracticeKept *), newest first. */
GPtrArray *practice_kept_list (void);

/* The one that the run in `folder` belongs to; NULL: it is a real run. */
PracticeKept *practice_kept_of (const char *folder);

/* A new root, for nobody else; NULL with `error`. */
char *practice_kept_new_root (const char *scenario, GError **error);

/* A new folder for a deployment, empty and closed to others, whose path leaves room for its
 * sockets; NULL with `error`. */
char *practice_kept_new_folder (GError **error);

/* Whoever begins one claims its root, until this is freed: others neither put it away nor end
 * it meanwhile. FALSE: somebody else has. */
gboolean practice_kept_claim (PracticeKept *kept);

/* Whether somebody has. */
gboolean practice_kept_is_claimed (const PracticeKept *kept);

/* Writes down what `kept` says, in its root. */
gboolean practice_kept_write (const PracticeKept *kept, GError **error);

/* Of a deployment that is over: its journal goes to the root, its folder goes away, and what is
 * written down names it no more. */
void practice_kept_put_away (const PracticeKept *kept);

/* The same for one that came to nothing: its root goes, too. */
void practice_kept_drop (const PracticeKept *kept);

/* Puts away every deployment that is over, and drops what is more than PRACTICE_KEPT_MAX. */
void practice_kept_tidy (void);

/* The roots of all that is kept (char *), newest first. */
GPtrArray *practice_kept_roots (void);

/* The run that is meant, as store_find() has it, in any of the roots. Newly allocated; NULL
 * with `error`, which names those that may be. */
char *practice_kept_find (const char *name, GError **error);

/* Every run of practice (StoreRun *), newest first. */
GPtrArray *practice_kept_runs (void);

/* The unfinished ones of them whose deployment is still there. */
GPtrArray *practice_kept_unfinished (void);

/* The newest runs of those deployments that are still there with nothing going on in them and
 * nothing left unfinished: what was shut down, and can be started up again. */
GPtrArray *practice_kept_down (void);

/* Whether that run left its deployment like that. */
gboolean practice_kept_is_down (const RunState *state);

/* How the deployment is that a run of practice was on: "gone"; "down", where the run is one of
 * practice_kept_down(); else "there". NULL: it is no such run. */
const char *practice_kept_deployment (const StoreRun *run);

/* The newest run of `kept`; NULL: none has begun. */
StoreRun *practice_kept_newest (const PracticeKept *kept);

/* The file in which the deployment tells what happened in the run: its own, as it was kept
 * when the run was over and first asked for. For that the deployment, if it lives, is asked
 * for its tally; of a run that may go on it is asked each time. Newly allocated; it need not
 * exist. */
char *practice_kept_told (const PracticeKept *kept, const StoreRun *run);

#endif
