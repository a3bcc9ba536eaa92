/* next.h: what comes next in a run. Pure: the heart of handrail.
 *
 * next_decide() looks at what is written (the procedure), what has happened (the
 * state) and what was seen (the evidence), and says one of:
 *   event    append this event, then call again;
 *   command  start this command (see next_command_event()), then call again;
 *   rest     nothing to do until an answer, a reading of `watch`, the end of the
 *            command, or `wake_us`;
 *   over     the run has come to its end (finished, stopped, abandoned).
 * The caller appends the events it is told of (run-resumed, answered, note,
 * viewer-…, command-…) and calls again after each. */
#ifndef HANDRAIL_RUN_NEXT_H
#define HANDRAIL_RUN_NEXT_H

#include "core/run/state.h"

/* The record behind a clause or a site: specs are their kinds' first member. */
const CheckKind *kind_check (const Clause *clause);
const ActionKind *kind_action (const Clause *clause);
const PlatformKind *kind_platform (const Site *site);

/* What can be taken over from an earlier run of the same site. */
typedef struct {
  char *run;  /* its name */
  char *when; /* wall time it recorded, for people */
  Ledger *ledger;
} Legacy;
void legacy_free (Legacy *legacy);

/* What is carried out, where and how. Borrowed by next_decide(). */
typedef struct {
  const Runbook *runbook;
  const Site *site;
  const Legacy *legacy;  /* or NULL */
  const char *from;      /* --from: the id of the step to begin at, or NULL */
  const char *after;     /* --after: the run that `legacy` is of, or NULL */
  gint64 speed;          /* procedure time per machine time; 1 but in practice */
  gboolean practice;     /* confirm as on a production site */
  const char *practice_folder; /* of the simulated deployment; NULL but in practice */
} Procedure;

typedef enum { NEXT_EVENT, NEXT_COMMAND, NEXT_REST, NEXT_OVER } NextType;

typedef struct {
  NextType type;
  Event *event;          /* NEXT_EVENT */
  Command *command;      /* NEXT_COMMAND */
  char *step;            /* NEXT_COMMAND: whose it is */
  Purpose purpose;
  guint index, count;    /* NEXT_COMMAND: this one of so many */
  GPtrArray *watch;      /* NEXT_REST: Request *, to be kept fresh */
  gint64 fresh_after_us; /* NEXT_REST: readings must begin after this; boot time */
  gint64 wake_us;        /* NEXT_REST: boot time to call again at the latest; 0: none */
  char *waiting;         /* NEXT_REST: what is missing, for people; NULL when a
                            question stands or a command runs */
  char *waiting_gist;    /* what of it is news when it changes; NULL: all of it */
  const char *waiting_section; /* whose checks are waited for ("require"); or NULL */
  json_t *waiting_checks;      /* [{"verdict", "text"}]: all of that section; or NULL. Also
                                  while a question stands that rests on them */
} Next;
void next_free (Next *next);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Next, next_free)

/* So often a step's offer may be accepted until the step fails. Each time is watched for as
 * long as it may take to help; what has not helped by then will not. */
#define NEXT_OFFERS_MAX 5

Next *next_decide (const Procedure *procedure, const RunState *state,
                   const Evidence *evidence, Moment now);

/* The command-began event of a NEXT_COMMAND whose process has been made (and
 * waits to be let go): to be appended and synced before it is let go. `start` is
 * the process's start time from /proc, in clock ticks since boot. */
Event *next_command_event (const Next *next, gint64 pid, gint64 group, gint64 start,
                           const char *boot_id, const char *output);

/* The command-ended event: exit status, or the signal it died of (the other -1),
 * or `problem` when it could not be started. */
Event *next_command_end (const StepState *step, int status, int signal,
                         const char *problem, gint64 took_us);

/* The `run-began` event's data. Strings are copied. `settings` may be NULL. */
json_t *next_run_began (const Procedure *procedure, const char *name,
                        GHashTable *settings, const char *program, const char *host,
                        const char *user, gint64 uid, gint64 pid, const char *boot_id);

/* The answered event for what question_read() made of an answer. */
Event *next_answered (const RunState *state, const char *answer, const char *argument,
                      guint viewer, gint64 uid, const char *user);

/* How the runbook, its includes and the site differ from what the run began with, a
 * sentence each (GPtrArray of char *); empty: not at all. */
GPtrArray *next_differences (const Procedure *procedure, const RunState *state);

/* What is true and what remains to be done by hand: the text of by-hand.txt.
 * Commands are planned on what was seen last; `unseen` (NULL: not wanted) takes the keys of
 * the readings (char *, owned by the array) that were missing for that. */
char *byhand_text (const Procedure *procedure, const RunState *state,
                   const Evidence *evidence, Moment now, GPtrArray *unseen);

#endif
