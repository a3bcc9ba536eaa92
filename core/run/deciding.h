/* deciding.h: what the parts of next_decide() share. Inside core/run only. */
#ifndef HANDRAIL_RUN_DECIDING_H
#define HANDRAIL_RUN_DECIDING_H

#include "core/run/next.h"

/* One call of next_decide(). */
typedef struct {
  const Procedure *procedure;
  const RunState *state;
  const Evidence *evidence;
  Moment now;
  const PlatformKind *platform;
  const StepState *step; /* at hand */
  const Step *written;   /* the same step as the runbook has it */
  GPtrArray *watch;      /* Request *: what to look at while resting */
  gint64 fresh_after_us;
  gint64 wake_us;        /* 0: none */
} Deciding;

/* How a list of clauses stands. */
typedef struct {
  const char *section;  /* that they stand in */
  gboolean passes;      /* all of them */
  gboolean known;       /* none is merely not looked at yet */
  gboolean stale;       /* one was not seen lately enough to go by */
  gboolean never;       /* one will not come true by itself, but may by what is offered */
  gboolean fails;       /* one was seen not to hold */
  gint64 shows_us;      /* procedure time until these tell whether a change helped */
  char *missing;        /* what does not pass, "; " between; NULL when all do */
  char *waiting;        /* the same, with the words that go on without it */
  char *gist;           /* the same, of each what is news when it changes */
  json_t *holds;        /* [{"verdict", "text"}] */
  Event *event;         /* a verdict that changed and is to be written down first; or NULL */
} Standing;
void standing_clear (Standing *standing);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Standing, standing_clear)

/* ---- deciding.c: answers, and the right target ----------------------------- */

Next *deciding_over (void);
Next *deciding_event (Event *event); /* takes it over */
Next *deciding_take (Event **event); /* and leaves NULL */

/* Takes over `waiting`, which is what is missing, or NULL. */
Next *deciding_rest (Deciding *deciding, char *waiting);

/* Rests at a question, and tells how what it rests on stands meanwhile. */
Next *deciding_stand (Deciding *deciding, const Standing *standing);

/* Waits for what `standing` lacks. */
Next *deciding_wait (Deciding *deciding, const Standing *standing);

/* An event of the step at hand with at most one text. */
Next *deciding_step_event (const Deciding *deciding, EventType type, const char *member,
                           const char *text);
Next *deciding_withdraw (const Deciding *deciding, const char *why);
Next *deciding_run_stopped (const char *why, gboolean held);

/* A safety rule says no: status 3. */
Next *deciding_run_refused (const char *why);
Next *deciding_action_ended (const Deciding *deciding, Purpose purpose,
                             const json_t *planned, gboolean restores);

/* A look at the platform that is fresh enough and proves to be the site's. Otherwise
 * NULL, and *next says what to do: rest, or stop because it is another target. */
const json_t *deciding_proved_deployment (Deciding *deciding, gint64 fresh_after_us,
                                          Next **next);

/* The plan of `clause` on looks and readings that began after `fresh_after_us`. NULL with
 * *next set while these are not there, or where the target is another; NULL with `error`
 * (PLAN_ERROR; may be NULL) where there can be no plan. */
Plan *deciding_plan (Deciding *deciding, const Clause *clause, gint64 fresh_after_us,
                     Next **next, GError **error);

/* ---- judging.c: clauses and what was seen --------------------------------- */

/* Judges `clauses` (Clause *), adds what they need to the watch list and the moments
 * to judge again. Readings that began before `fresh_after_us` do not count; `since_us`
 * is when the watching began. */
void judging_stand (Deciding *deciding, const char *section, const GPtrArray *clauses,
                    gint64 fresh_after_us, gint64 since_us, Standing *standing);

/* Adds what they need to the watch list, to be seen before they are judged. */
void judging_watch (Deciding *deciding, const GPtrArray *clauses);

/* The body of a look at the platform that began after `fresh_after_us` and is not
 * stale; or NULL with *why set (newly allocated). Adds the request to the watch list. */
const json_t *judging_deployment (Deciding *deciding, gint64 fresh_after_us, char **why);

/* The same of any request, which it takes over. */
const json_t *judging_body (Deciding *deciding, Request *request, gint64 fresh_after_us,
                            char **why);

/* Keeps the earlier of the wake-up times. */
void judging_wake (Deciding *deciding, gint64 boot_us);

/* Procedure time as machine time. */
gint64 judging_machine_us (const Deciding *deciding, gint64 procedure_us);

/* ---- asking.c: questions and plans ---------------------------------------- */

/* Whether a plan needs a person or a program to do something. */
gboolean asking_is_empty (const Plan *plan);

Event *asking_confirm (const Deciding *deciding, Purpose purpose, const Plan *plan,
                       json_t *holds);
Event *asking_offer (const Deciding *deciding, const char *offer, const Plan *plan,
                     const char *missing);
Event *asking_instruction (const Deciding *deciding, const Plan *plan);
Event *asking_ask (const Deciding *deciding);
Event *asking_failed (const Deciding *deciding);
/* `supports`: "done" or "again", what is seen speaks for. */
Event *asking_uncertain (const Deciding *deciding, const Standing *until,
                         const char *supports);
Event *asking_running (const Deciding *deciding);
Event *asking_adopt (const Deciding *deciding);
Event *asking_review (const Deciding *deciding);

/* ---- recording.c: what was ------------------------------------------------ */

/* The record event once a look allows it. NULL when there is nothing (more) to record;
 * otherwise what to do about it. */
Next *recording_next (Deciding *deciding);

/* ---- review.c: resume looks first ----------------------------------------- */

/* What earlier steps established is measured again. FALSE until everything was seen or
 * its time is up; then *event is set. */
gboolean review_done (Deciding *deciding, Event **event);

#endif
