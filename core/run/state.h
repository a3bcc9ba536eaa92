/* state.h: the state of a run, folded from its events.
 *
 *     state = fold (events)
 *
 * The one bookkeeping there is: the runner decides by it, screens draw it,
 * `resume` goes on from it. Pure; which event may follow which is a table
 * (state.c), so a journal that tells an impossible story is refused. */
#ifndef HANDRAIL_RUN_STATE_H
#define HANDRAIL_RUN_STATE_H

#include "core/run/event.h"
#include "core/run/kind.h"

typedef enum {
  PHASE_PENDING,   /* not begun */
  PHASE_CHECKING,  /* begun: recorded, required, asked and confirmed here */
  PHASE_PROVING,   /* confirmed; readings that began since are awaited */
  PHASE_ACTING,    /* commands of the action run */
  PHASE_SETTLING,  /* done what was to be done; `until` is awaited */
  PHASE_FAILED,    /* the operator chooses what now */
  PHASE_UNDOING,   /* the operator chose undo; it is to be confirmed */
  PHASE_UNCERTAIN, /* a command began, and how it ended is not known */
  PHASE_DONE,
  PHASE_SKIPPED,
  PHASES
} Phase;
const char *phase_name (Phase phase); /* "pending", "checking", … */

typedef enum { PURPOSE_DO, PURPOSE_OTHERWISE, PURPOSE_UNDO } Purpose;
const char *purpose_name (Purpose purpose); /* "do", "otherwise", "undo" */
gboolean purpose_from_name (const char *name, Purpose *purpose);

typedef enum {
  RUN_GOING,    /* some runner holds it, or held it when it died */
  RUN_STOPPED,  /* unfinished, stopped in order */
  RUN_FINISHED,
  RUN_ABANDONED,
} RunPhase;
const char *run_phase_name (RunPhase phase);

/* What kind of question stands. The text forms are question.h's. */
typedef enum {
  QUESTION_ADOPT,     /* take over an earlier run's recorded counts */
  QUESTION_ASK,       /* a text */
  QUESTION_CONFIRM,   /* may this be done */
  QUESTION_OFFER,     /* `otherwise` */
  QUESTION_FAILED,
  QUESTION_UNCERTAIN,
  QUESTION_REVIEW,    /* what earlier steps established no longer holds: go on? */
  QUESTION_RUNNING,   /* the command of a dead runner still runs: wait or end it */
} QuestionKind;
const char *question_kind_name (QuestionKind kind);
gboolean question_kind_from_name (const char *name, QuestionKind *kind);

typedef struct {
  guint number; /* counts questions of the run from 1 */
  QuestionKind kind;
  Purpose purpose;
  char *step;   /* id; "adopt" and "resume" for those that belong to no step */
  char *text;
  char *word;   /* what must be typed to go on, or NULL: the key y */
  char *digest; /* of the plan that is asked about, or "" */
  json_t *details; /* the whole event's data: commands, change, holds, way_back */
  Moment at;
} Question;

typedef struct {
  char *section; /* "require", "during", "until" */
  guint index;
  Verdict verdict;
  char *text;
  char *gist;    /* what of the text is news when it changes; NULL: all of it */
  char *accept;  /* the runbook's word that goes on without it, while that is taken; or NULL */
} StateVerdict;

typedef struct {
  char *id;
  char *title;
  Phase phase;
  Purpose purpose;  /* of PROVING and ACTING */
  Phase origin;     /* where OTHERWISE and UNDO go back to */
  gboolean recorded;
  gboolean asked;   /* its `ask` is answered */
  char *answer;     /* that answer, or NULL */
  gboolean instructed; /* its instruction (a managed service) is answered */
  gboolean acted;   /* its `do` ended well at least once */
  gboolean undone;  /* its undo ended well since */
  char *reason;     /* why it failed or was skipped, or NULL */
  gboolean by_operator; /* skipped by the operator, not by `when` */
  guint commands_done;  /* of the current action */
  guint commands;       /* of the current action, 0 if none began */
  json_t *action;       /* plan of the current or last action (the confirmed question's
                           details), or NULL */
  json_t *command;      /* command-began's data while one runs or is lost, else NULL */
  gboolean lost;        /* that command's end was not seen and it is gone */
  gboolean ending;      /* the operator chose to end it */
  char *trouble;        /* how the last command failed, or what `during` saw; or NULL */
  Moment began;         /* of the step */
  Moment phase_began;   /* of the phase */
  Moment proven_since;  /* when it was confirmed: readings must be younger */
  gint64 deadline_us;   /* of SETTLING, boot time of this boot; 0: none */
  Moment ended;
  Moment declined;       /* "wait" was said to its offer; 0: never */
  guint offers;          /* how often its offer was accepted, since it began or was retried */
  Moment offered;        /* when what was offered was done last; 0: it was not */
  GPtrArray *verdicts;  /* StateVerdict *, of the current phase */
  GPtrArray *accepted;  /* char *: words of the checks that the operator goes on without */
} StepState;

typedef struct {
  guint viewer;
  gint64 uid;
  char *user;
  gboolean here;
} ViewerState;

typedef struct {
  char *name; /* the run's folder name */
  char *runbook, *title, *runbook_file, *runbook_digest;
  char *site, *site_file, *site_digest, *platform;
  gboolean production, practice; /* practice is on no production site, whatever it says */
  gint64 speed;            /* procedure time per machine time; 1 but in practice */
  char *practice_folder;   /* of its simulated deployment; NULL but in practice */
  char *host, *user, *program, *boot; /* boot: id of the boot the last runner was in */
  gint64 uid, pid;                    /* of the last runner */
  json_t *sources;   /* [{"name", "digest"}] */
  json_t *settings;  /* {name: text}: --set */
  json_t *answers;   /* {variable: text} given by `ask … into` */
  RunPhase phase;
  char *stopped_why; /* of RUN_STOPPED and RUN_ABANDONED, or NULL */
  gboolean held;     /* stopped at a question or a rule: status 3 */
  gboolean refused;  /* stopped by a rule */
  gboolean final;    /* stopped for good: what it was carried out on is gone */
  guint commands_begun; /* in the whole run */
  char *after;       /* --after: the run whose counts are taken over, or NULL */
  GPtrArray *steps;  /* StepState * */
  guint current;     /* index of the step at hand; steps->len when all are over */
  Question *question; /* what stands, or NULL */
  guint questions;   /* asked so far */
  gboolean adoption_settled; /* adopted, declined or nothing to adopt */
  gboolean adoption_agreed;  /* ledger-adopted follows */
  char *adopted_from; /* run, or NULL */
  Ledger *ledger;
  json_t *proofs;    /* {name: text}: what checks have proved so far, the last of each name */
  GPtrArray *viewers; /* ViewerState * */
  guint controls;    /* viewer number that has the controls, 0 for none */
  GPtrArray *notes;  /* json_t *: {"text", "user", "step", "wall"} */
  gint64 acted_us;   /* boot time of the last command's end, or of the last resume:
                        readings that began earlier show what was before */
  gboolean review_due; /* resumed: what earlier steps established is to be measured */
  json_t *broken;      /* [{step, verdict, text}]: what of it no longer holds; or NULL */
  guint resumes;
  guint64 number;    /* of the last event */
  Moment began, last;
  gboolean stop_said;   /* the operator said stop: run-stopped follows */
  GHashTable *index;    /* step id → StepState *, borrowed from `steps` */
} RunState;

/* How much faster procedure time may go than the machine's. A look takes some milliseconds,
 * which at this speed are seconds of the procedure. */
#define STATE_SPEED_MAX 1000

typedef enum { STATE_ERROR_STORY } StateError; /* the event cannot follow */
#define STATE_ERROR (state_error_quark ())
GQuark state_error_quark (void);

RunState *state_new (void);
void state_free (RunState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunState, state_free)

/* Folds one event in. FALSE with `error`, and the state unchanged, if the event
 * cannot follow what has happened ("step-done cannot follow in checking"). */
gboolean state_apply (RunState *state, const Event *event, GError **error);

/* The step at hand, or NULL before the first event and after the last step. */
StepState *state_current (const RunState *state);
StepState *state_step (const RunState *state, const char *id); /* or NULL */

/* Whether the run can go on: neither finished nor abandoned. */
gboolean state_is_unfinished (const RunState *state);

/* Of a step that is over without having been done: "skipped", by the operator; "left out",
 * because its `when` does not hold or the run began further on. */
const char *state_skipped_word (const StepState *step);

/* What came of the steps: "7 of 9 steps done, 1 skipped: Drain (it is late), 1 left out: …",
 * a few of them by name; newly allocated. */
char *state_steps_words (const RunState *state);

/* Whether any viewer is there. */
gboolean state_is_watched (const RunState *state);

/* Stopped by a safety rule before it did anything: nothing is left to go on with. */
gboolean state_is_harmless (const RunState *state);

/* Stopped by a safety rule, whatever was done before: what it would go on with is not to be
 * done, not by hand either, until what it was refused for is put right. */
gboolean state_is_refused (const RunState *state);

/* Whether there is something that can be gone on with. */
gboolean state_is_resumable (const RunState *state);

/* `handrail state RUN --json`; a new reference. */
json_t *state_to_json (const RunState *state);

/* The exit status of a `handrail run` that ends in this state (DESIGN: 0 done,
 * 1 not completed, 3 held or refused). */
int state_exit_status (const RunState *state);

#endif
