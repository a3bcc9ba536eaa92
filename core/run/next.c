#include "core/run/next.h"

#include <string.h>

#include "core/base/quantity.h"
#include "core/run/deciding.h"

/* How long "wait" to an offer keeps it from being made again; procedure time. */
#define OFFER_PAUSE_US (60 * G_USEC_PER_SEC)

/* How long a look may take until something is decided without it; machine time. */
#define LOOK_US (15 * G_USEC_PER_SEC)

/* How long a confirmation holds while it cannot be proved; machine time. Acting on it
 * later would surprise everybody. */
#define PROOF_US (60 * G_USEC_PER_SEC)

const CheckKind *
kind_check (const Clause *clause)
{
  return (const CheckKind *)clause->kind;
}

const ActionKind *
kind_action (const Clause *clause)
{
  return (const ActionKind *)clause->kind;
}

const PlatformKind *
kind_platform (const Site *site)
{
  return (const PlatformKind *)site->platform->kind;
}

void
legacy_free (Legacy *legacy)
{
  if (!legacy)
    return;
  g_free (legacy->run);
  g_free (legacy->when);
  ledger_free (legacy->ledger);
  g_free (legacy);
}

void
next_free (Next *next)
{
  if (!next)
    return;
  event_free (next->event);
  command_free (next->command);
  g_free (next->step);
  g_clear_pointer (&next->watch, g_ptr_array_unref);
  g_free (next->waiting);
  g_free (next->waiting_gist);
  json_decref (next->waiting_checks);
  g_free (next);
}

/* ---- before the do -------------------------------------------------------- */

static Next *
pending (Deciding *deciding)
{
  const char *from = deciding->procedure->from;
  int from_index = from ? runbook_step_index (deciding->procedure->runbook, from) : -1;
  if ((int)deciding->state->current < from_index) {
    g_autofree char *reason = g_strdup_printf ("the run was told to begin at %s", from);
    return deciding_event (event_new (
        EVENT_STEP_SKIPPED, json_pack ("{s:s, s:s, s:s}", "step", deciding->step->id,
                                       "by", "from", "reason", reason)));
  }
  if (!deciding->written->applies)
    return deciding_event (event_new (
        EVENT_STEP_SKIPPED,
        json_pack ("{s:s, s:s, s:s}", "step", deciding->step->id, "by", "when", "reason",
                   deciding->written->applies_not ? deciding->written->applies_not
                                                  : "it does not apply here")));
  json_t *data = json_pack ("{s:s, s:s}", "step", deciding->step->id, "title",
                            deciding->written->title);
  if (deciding->written->why)
    json_object_set_new (data, "why", json_string (deciding->written->why));
  return deciding_event (event_new (EVENT_STEP_BEGAN, data));
}

/* What is offered when what is awaited will not come true by itself: `otherwise`; or,
 * for what the step's own action should have brought about, that action again. What
 * the step requires is never brought about by its own action. NULL: nothing. */
static const Clause *
offer_clause (const Deciding *deciding)
{
  const StepState *step = deciding->step;
  const Step *written = deciding->written;
  if (written->otherwise)
    return written->otherwise->action;
  gboolean offered = step->phase == PHASE_PROVING || step->phase == PHASE_ACTING;
  gboolean settling = (offered ? step->origin : step->phase) == PHASE_SETTLING;
  gboolean again = settling && step->acted && written->action && written->action->kind &&
                   written->action->kind->implied_until;
  return again ? written->action : NULL;
}

/* "wait" was said not long ago. */
static gboolean
offer_rests (Deciding *deciding)
{
  gint64 declined_us = deciding->step->declined.boot_us;
  gint64 again_us = declined_us + judging_machine_us (deciding, OFFER_PAUSE_US);
  if (!declined_us || deciding->now.boot_us >= again_us)
    return FALSE;
  judging_wake (deciding, again_us);
  return TRUE;
}

/* It was accepted as often as may be: whoever says yes once more has to think first. */
static Next *
offer_fails (const Deciding *deciding, const char *offer, const Standing *standing)
{
  g_autofree char *reason = g_strdup_printf (
      "%s; “%s” was accepted %u times and has not helped: look for another cause",
      standing->missing, offer, deciding->step->offers);
  return deciding_step_event (deciding, EVENT_STEP_FAILED, "reason", reason);
}

/* Waits for what `standing` lacks; takes over `note`, which says more of it. */
static Next *
wait_noting (Deciding *deciding, const Standing *standing, char *note)
{
  Next *next = deciding_wait (deciding, standing);
  char *waiting = g_strdup_printf ("%s (%s)", next->waiting, note);
  g_free (next->waiting);
  g_free (note);
  next->waiting = waiting;
  return next;
}

static const char *
offer_words (const Deciding *deciding)
{
  const Otherwise *otherwise = deciding->written->otherwise;
  return otherwise ? otherwise->offer : "Do it again";
}

/* Makes the offer. NULL when there is none to be made now. */
static Next *
offering (Deciding *deciding, const Standing *standing)
{
  const Clause *clause = offer_clause (deciding);
  if (!clause || !standing->never || offer_rests (deciding))
    return NULL;
  const char *offer = offer_words (deciding);
  if (deciding->step->offers >= NEXT_OFFERS_MAX)
    return offer_fails (deciding, offer, standing);
  Next *next = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (Plan) plan = deciding_plan (deciding, clause, 0, &next, &error);
  if (next)
    return next;
  if (!plan)
    return wait_noting (
        deciding, standing,
        g_strdup_printf ("%s is not possible: %s", offer, error->message));
  if (plan->commands->len == 0)
    return NULL;
  return deciding_event (asking_offer (deciding, offer, plan, standing->missing));
}

/* What was offered has been done, and what is missing cannot tell yet whether it helped:
 * says until when that is waited for. NULL: it can, or nothing was done. */
static Next *
offer_shows (Deciding *deciding, const Standing *standing)
{
  gint64 offered_us = deciding->step->offered.boot_us;
  gint64 shown_us = offered_us + judging_machine_us (deciding, standing->shows_us);
  if (!offered_us || deciding->now.boot_us >= shown_us)
    return NULL;
  judging_wake (deciding, shown_us);
  g_autofree char *takes = quantity_format_duration (standing->shows_us);
  return wait_noting (deciding, standing,
                      g_strdup_printf ("whether “%s” helped can be told %s after it",
                                       offer_words (deciding), takes));
}

/* Waits for what does not pass; offers what may help. */
static Next *
wait_for (Deciding *deciding, const Standing *standing)
{
  gboolean seen = standing->known || standing->fails;
  Next *next = standing->fails ? offer_shows (deciding, standing) : NULL;
  if (!next && standing->known)
    next = offering (deciding, standing);
  if (next)
    return next;
  return seen ? deciding_wait (deciding, standing) : deciding_rest (deciding, NULL);
}

/* There can be no plan: the step fails, or a safety rule says no to going on at all. */
static Next *
no_plan (const Deciding *deciding, const GError *error)
{
  if (g_error_matches (error, PLAN_ERROR, PLAN_ERROR_REFUSED))
    return deciding_run_refused (error->message);
  return deciding_step_event (deciding, EVENT_STEP_FAILED, "reason", error->message);
}

/* The step's action (or undo) is planned; confirms it, or notes that there is nothing
 * to do. */
static Next *
confirming (Deciding *deciding, const Clause *clause, Purpose purpose, json_t *holds)
{
  Next *next = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (Plan) plan = deciding_plan (deciding, clause, 0, &next, &error);
  if (next)
    return next;
  if (!plan)
    return no_plan (deciding, error);
  if (asking_is_empty (plan) || (plan->instruction && deciding->step->instructed))
    return deciding_action_ended (deciding, purpose, plan->planned, plan->restores);
  if (plan->instruction && purpose == PURPOSE_DO)
    return deciding_event (asking_instruction (deciding, plan));
  if (plan->instruction)
    return deciding_step_event (deciding, EVENT_STEP_FAILED, "reason", plan->instruction);
  return deciding_event (asking_confirm (deciding, purpose, plan, holds));
}

/* From now on `until` is awaited, for as long as the step says. */
static Next *
begin_settling (const Deciding *deciding)
{
  gint64 limit_us = judging_machine_us (deciding, deciding->written->timeout_us);
  return deciding_event (
      event_new (EVENT_STEP_SETTLING, json_pack ("{s:s, s:I}", "step", deciding->step->id,
                                                 "limit_us", (json_int_t)limit_us)));
}

/* A confirm question stands: withdrawn when what it rests on is no longer so. */
static Next *
confirm_stands (Deciding *deciding, const Clause *clause, const Standing *require)
{
  if (require && require->fails)
    return deciding_withdraw (deciding, require->missing);
  Next *next = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (Plan) plan = deciding_plan (deciding, clause, 0, &next, &error);
  if (next)
    return next;
  if (!plan)
    return deciding_withdraw (deciding, error->message);
  g_autofree char *digest = plan_digest (plan, deciding->procedure->site);
  if (g_strcmp0 (digest, deciding->state->question->digest) != 0)
    return deciding_withdraw (deciding, "what would be done has changed");
  return require ? deciding_stand (deciding, require) : deciding_rest (deciding, NULL);
}

static Next *
checking_question (Deciding *deciding, const Standing *require)
{
  switch (deciding->state->question->kind) {
  case QUESTION_CONFIRM:
    return confirm_stands (deciding, deciding->written->action, require);
  case QUESTION_OFFER:
    if (require->passes)
      return deciding_withdraw (deciding, "it has come true");
    return deciding_stand (deciding, require);
  default:
    return deciding_rest (deciding, NULL);
  }
}

static Next *
checking (Deciding *deciding)
{
  const Step *written = deciding->written;
  g_autoptr (Next) record = recording_next (deciding);
  if (record && record->type == NEXT_EVENT)
    return g_steal_pointer (&record);
  g_auto (Standing) require = { 0 };
  judging_stand (deciding, "require", written->require, 0,
                 deciding->step->phase_began.boot_us, &require);
  if (require.event)
    return deciding_take (&require.event);
  /* What is missing is understood by what the step is about. */
  if (!require.passes && !written->action)
    judging_watch (deciding, written->until);
  if (deciding->state->question)
    return checking_question (deciding, &require);
  if (!require.passes)
    return wait_for (deciding, &require);
  if (written->ask && !deciding->step->asked)
    return deciding_event (asking_ask (deciding));
  if (record)
    return g_steal_pointer (&record);
  if (written->action)
    return confirming (deciding, written->action, PURPOSE_DO, require.holds);
  if (written->until->len)
    return begin_settling (deciding);
  return deciding_step_event (deciding, EVENT_STEP_DONE, NULL, NULL);
}

/* ---- acting --------------------------------------------------------------- */

static const Clause *
purpose_clause (const Deciding *deciding)
{
  switch (deciding->step->purpose) {
  case PURPOSE_OTHERWISE:
    return offer_clause (deciding);
  case PURPOSE_UNDO:
    return deciding->written->undo;
  default:
    return deciding->written->action;
  }
}

/* The agreed command number `index`, from the confirmed question itself. */
static Next *
start_command (const Deciding *deciding, guint index)
{
  const json_t *commands = json_object_get (deciding->step->action, "commands");
  const json_t *item = json_array_get (commands, index);
  const json_t *words = json_object_get (item, "argv");
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  for (size_t i = 0; i < json_array_size (words); i++)
    g_ptr_array_add (argv, (char *)json_string_value (json_array_get (words, i)));
  g_ptr_array_add (argv, NULL);
  Next *next = g_new0 (Next, 1);
  next->type = NEXT_COMMAND;
  next->command = command_new ((const char *const *)argv->pdata,
                               json_string_value (json_object_get (item, "directory")));
  next->command->login = g_strdup (json_string_value (json_object_get (item, "login")));
  next->step = g_strdup (deciding->step->id);
  next->purpose = deciding->step->purpose;
  next->index = index;
  next->count = (guint)json_array_size (commands);
  return next;
}

static Next *
refuse (const Deciding *deciding, const char *why)
{
  return deciding_step_event (deciding, EVENT_REFUSED, "why", why);
}

/* At the instant of acting: what was required is looked at again, on readings that
 * began after the confirmation, and the plan made again from them. */
static Next *
proving (Deciding *deciding)
{
  gint64 since_us = deciding->step->proven_since.boot_us;
  const Clause *clause = purpose_clause (deciding);
  if (deciding->now.boot_us >= since_us + PROOF_US)
    return refuse (deciding,
                   "what it rests on could not be looked at for a minute; it has "
                   "to be confirmed anew");
  judging_wake (deciding, since_us + PROOF_US);
  if (!clause)
    return deciding_step_event (deciding, EVENT_STEP_FAILED, "reason",
                                "the runbook no longer has this action");
  if (clause == deciding->written->action) {
    g_auto (Standing) require = { 0 };
    judging_stand (deciding, "require", deciding->written->require, since_us, since_us,
                   &require);
    if (require.fails)
      return refuse (deciding, require.missing);
    if (!require.passes)
      return require.known ? deciding_wait (deciding, &require)
                           : deciding_rest (deciding, NULL);
  }
  Next *next = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (Plan) plan = deciding_plan (deciding, clause, since_us, &next, &error);
  if (next)
    return next;
  if (g_error_matches (error, PLAN_ERROR, PLAN_ERROR_REFUSED))
    return refuse (deciding, error->message);
  if (!plan)
    return deciding_step_event (deciding, EVENT_STEP_FAILED, "reason", error->message);
  g_autofree char *digest = plan_digest (plan, deciding->procedure->site);
  if (g_strcmp0 (digest,
                 json_string_value (json_object_get (deciding->step->action, "digest"))))
    return refuse (deciding, "what would be done has changed since it was confirmed");
  return start_command (deciding, 0);
}

static Next *
acting (Deciding *deciding)
{
  const StepState *step = deciding->step;
  if (step->purpose == PURPOSE_DO) {
    g_auto (Standing) during = { 0 };
    judging_stand (deciding, "during", deciding->written->during,
                   step->phase_began.boot_us, step->phase_began.boot_us, &during);
    if (during.event)
      return deciding_take (&during.event);
  }
  if (step->command)
    return deciding_rest (deciding, NULL);
  if (step->trouble)
    return deciding_step_event (deciding, EVENT_STEP_FAILED, "reason", step->trouble);
  if (step->commands_done < step->commands)
    return start_command (deciding, step->commands_done);
  return deciding_action_ended (
      deciding, step->purpose, json_object_get (step->action, "planned"),
      json_is_true (json_object_get (step->action, "restores")));
}

/* ---- after the do --------------------------------------------------------- */

static Next *
out_of_time (const Deciding *deciding, const Standing *until)
{
  g_autofree char *limit = quantity_format_duration (deciding->written->timeout_us);
  g_autofree char *reason =
      g_strdup_printf ("not within %s: %s", limit,
                       until->missing ? until->missing : "nothing could be seen");
  if (deciding->state->question)
    return deciding_withdraw (deciding, reason);
  return deciding_step_event (deciding, EVENT_STEP_FAILED, "reason", reason);
}

/* `during` is watched to the end of `until`. NULL: it holds. */
static Next *
settling_during (Deciding *deciding)
{
  const StepState *step = deciding->step;
  g_auto (Standing) during = { 0 };
  judging_stand (deciding, "during", deciding->written->during, step->phase_began.boot_us,
                 step->phase_began.boot_us, &during);
  if (during.event)
    return deciding_take (&during.event);
  if (!step->trouble)
    return NULL;
  if (deciding->state->question)
    return deciding_withdraw (deciding, step->trouble);
  return deciding_step_event (deciding, EVENT_STEP_FAILED, "reason", step->trouble);
}

static Next *
settling (Deciding *deciding)
{
  const StepState *step = deciding->step;
  const Step *written = deciding->written;
  if (written->until->len && !step->deadline_us)
    return begin_settling (deciding);
  Next *next = settling_during (deciding);
  if (next)
    return next;
  g_auto (Standing) until = { 0 };
  judging_stand (deciding, "until", written->until, step->phase_began.boot_us,
                 step->phase_began.boot_us, &until);
  if (until.event)
    return deciding_take (&until.event);
  if (until.passes && deciding->state->question)
    return deciding_withdraw (deciding, "it has come true");
  if (until.passes)
    return deciding_step_event (deciding, EVENT_STEP_DONE, NULL, NULL);
  /* Never without having looked: a run may be resumed long after its deadline. */
  gint64 patience_us = MAX (step->deadline_us, deciding->state->acted_us) + LOOK_US;
  gint64 limit_us = until.known ? step->deadline_us : patience_us;
  if (deciding->now.boot_us >= limit_us)
    return out_of_time (deciding, &until);
  judging_wake (deciding, limit_us);
  if (deciding->state->question)
    return deciding_stand (deciding, &until);
  return wait_for (deciding, &until);
}

/* ---- when it went wrong --------------------------------------------------- */

static Next *
failed (Deciding *deciding)
{
  if (deciding->state->question)
    return deciding_rest (deciding, NULL);
  return deciding_event (asking_failed (deciding));
}

static Next *
undoing (Deciding *deciding)
{
  const Clause *undo = deciding->written->undo;
  if (!undo)
    return deciding_step_event (deciding, EVENT_STEP_FAILED, "reason",
                                "the runbook has no undo here");
  if (deciding->state->question)
    return confirm_stands (deciding, undo, NULL);
  return confirming (deciding, undo, PURPOSE_UNDO, NULL);
}

/* The checks that tell whether the action at hand has brought about what it should. */
static const GPtrArray *
purpose_until (const Deciding *deciding)
{
  const Step *written = deciding->written;
  if (deciding->step->purpose == PURPOSE_UNDO)
    return written->undo_until;
  if (deciding->step->purpose == PURPOSE_OTHERWISE && written->otherwise)
    return written->otherwise_until;
  return written->until;
}

/* The command of a runner that died still runs. */
static Next *
still_runs (Deciding *deciding)
{
  const StepState *step = deciding->step;
  if (deciding->state->question)
    return deciding_rest (deciding, NULL);
  if (!step->ending && !step->declined.boot_us)
    return deciding_event (asking_running (deciding));
  return deciding_rest (deciding,
                        g_strdup ("the command of the runner that died still runs"));
}

/* Nobody saw how the command ended. What is true now is looked at for as long as the
 * operator has not answered: something that was started may need a while. */
static Next *
uncertain (Deciding *deciding)
{
  const StepState *step = deciding->step;
  const Question *question = deciding->state->question;
  if (!step->lost)
    return still_runs (deciding);
  if (question && question->kind == QUESTION_RUNNING)
    return deciding_withdraw (deciding, "the command has ended");
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  const GPtrArray *clauses = purpose_until (deciding);
  gint64 since_us = step->phase_began.boot_us;
  gint64 patience_us = since_us + LOOK_US;
  g_auto (Standing) until = { 0 };
  judging_stand (deciding, "until", clauses ? clauses : none, since_us, since_us, &until);
  if (until.event)
    return deciding_take (&until.event);
  gboolean tells = json_array_size (until.holds) > 0 && until.passes;
  const char *supports = tells ? "done" : "again";
  if (question && until.known &&
      strcmp (supports,
              json_string_value (json_object_get (question->details, "supports"))))
    return deciding_withdraw (deciding, "what is seen speaks for something else now");
  if (question)
    return deciding_rest (deciding, NULL);
  if (!until.known && deciding->now.boot_us < patience_us) {
    judging_wake (deciding, patience_us);
    return deciding_rest (deciding, NULL);
  }
  return deciding_event (asking_uncertain (deciding, &until, supports));
}

/* ---- the run -------------------------------------------------------------- */

static Next *(*const deciders[PHASES]) (Deciding *) = {
  [PHASE_PENDING] = pending, [PHASE_CHECKING] = checking,   [PHASE_PROVING] = proving,
  [PHASE_ACTING] = acting,   [PHASE_SETTLING] = settling,   [PHASE_FAILED] = failed,
  [PHASE_UNDOING] = undoing, [PHASE_UNCERTAIN] = uncertain,
};

/* What an earlier run of the site recorded is taken over before anything else, or
 * declined. NULL: settled. */
static Next *
adopting (Deciding *deciding)
{
  const Legacy *legacy = deciding->procedure->legacy;
  const RunState *state = deciding->state;
  if (!legacy || state->adoption_settled)
    return NULL;
  if (state->question)
    return deciding_rest (deciding, NULL);
  if (!state->adoption_agreed)
    return deciding_event (asking_adopt (deciding));
  json_t *data = json_pack ("{s:s, s:o}", "run", legacy->run, "ledger",
                            ledger_to_json (legacy->ledger));
  return deciding_event (event_new (EVENT_LEDGER_ADOPTED, data));
}

/* On resume, once no command is in doubt: does what was established still hold? NULL:
 * it does, or the operator goes on all the same. */
static Next *
reviewing (Deciding *deciding)
{
  const RunState *state = deciding->state;
  if (deciding->step && deciding->step->phase == PHASE_UNCERTAIN)
    return NULL;
  if (state->review_due) {
    Event *event = NULL;
    return review_done (deciding, &event) ? deciding_event (event)
                                          : deciding_rest (deciding, NULL);
  }
  if (!state->broken)
    return NULL;
  return state->question ? deciding_rest (deciding, NULL)
                         : deciding_event (asking_review (deciding));
}

/* The step as the runbook has it, or NULL if it is another runbook by now. */
static const Step *
step_written (const Runbook *runbook, guint index, const char *id)
{
  const Step *written = index < runbook->steps->len ? runbook->steps->pdata[index] : NULL;
  return written && strcmp (written->id, id) == 0 ? written : NULL;
}

static Next *
decide (Deciding *deciding)
{
  const RunState *state = deciding->state;
  if (state->stop_said)
    return deciding_run_stopped ("the operator said stop", state->held);
  Next *next = adopting (deciding);
  if (!next)
    next = reviewing (deciding);
  if (next)
    return next;
  if (!deciding->step)
    return deciding_event (event_new (EVENT_RUN_FINISHED, NULL));
  if (!deciding->written)
    return deciding_run_refused (
        "the runbook's steps are no longer those that the run began with; put "
        "the old runbook back (the run's folder inputs/ has a copy), or "
        "abandon the run");
  return deciders[deciding->step->phase](deciding);
}

Next *
next_decide (const Procedure *procedure, const RunState *state, const Evidence *evidence,
             Moment now)
{
  if (state->phase != RUN_GOING)
    return deciding_over ();
  const StepState *step = state_current (state);
  g_autoptr (GPtrArray) watch =
      g_ptr_array_new_with_free_func ((GDestroyNotify)request_free);
  Deciding deciding = {
    .procedure = procedure,
    .state = state,
    .evidence = evidence,
    .now = now,
    .platform = kind_platform (procedure->site),
    .step = step,
    .written = step ? step_written (procedure->runbook, state->current, step->id) : NULL,
    .watch = watch,
  };
  return decide (&deciding);
}
