/* What an event does to the step at hand: the effects, and the table of
 * transitions that says which event may come when. */
#include "core/run/folding.h"

#include <string.h>

void
folding_text (char **text, const char *with)
{
  char *copy = with && *with ? g_strdup (with) : NULL;
  g_free (*text);
  *text = copy;
}

void
folding_json (json_t **json, json_t *with)
{
  json_t *kept = with ? json_incref (with) : NULL;
  json_decref (*json);
  *json = kept;
}

#define TIME_US_MAX (G_GINT64_CONSTANT (1) << 60)

gint64
folding_later (gint64 at_us, gint64 by_us)
{
  return CLAMP (at_us + CLAMP (by_us, -TIME_US_MAX, TIME_US_MAX), -TIME_US_MAX,
                TIME_US_MAX);
}

gboolean
folding_story_error (GError **error, const Event *event, const char *where)
{
  g_set_error (error, STATE_ERROR, STATE_ERROR_STORY, "%s cannot follow %s",
               event_type_name (event->type), where);
  return FALSE;
}

/* ---- effects -------------------------------------------------------------- */

static void
begin (RunState *state, StepState *step, const Event *event)
{
  (void)state;
  folding_text (&step->title, event_text (event, "title"));
  step->began = event->at;
}

static void
finish (RunState *state, StepState *step, const Event *event)
{
  step->ended = event->at;
  if (step->action && json_is_true (json_object_get (step->action, "restores"))) {
    const char *service;
    json_t *count;
    json_object_foreach (json_object_get (step->action, "planned"), service, count)
        ledger_set_restored (state->ledger, service, TRUE);
  }
}

static void
skip (RunState *state, StepState *step, const Event *event)
{
  (void)state;
  step->ended = event->at;
  folding_text (&step->reason, event_text (event, "reason"));
}

static void
skip_as_told (RunState *state, StepState *step, const Event *event)
{
  (void)state;
  step->ended = event->at;
  step->by_operator = TRUE;
  folding_text (&step->reason, event_text (event, "text"));
}

static void
record (RunState *state, StepState *step, const Event *event)
{
  step->recorded = TRUE;
  ledger_merge_json (state->ledger, event_json (event, "ledger"));
}

static void
judge (RunState *state, StepState *step, const Event *event)
{
  const char *section = event_text (event, "section");
  guint index = (guint)event_number (event, "index");
  Verdict verdict = VERDICT_UNKNOWN;
  verdict_from_name (event_text (event, "verdict"), &verdict);
  StateVerdict *found = NULL;
  for (guint i = 0; i < step->verdicts->len && !found; i++) {
    StateVerdict *candidate = step->verdicts->pdata[i];
    if (candidate->index == index && strcmp (candidate->section, section) == 0)
      found = candidate;
  }
  if (!found) {
    found = g_new0 (StateVerdict, 1);
    found->section = g_strdup (section);
    found->index = index;
    g_ptr_array_add (step->verdicts, found);
  }
  found->verdict = verdict;
  folding_text (&found->text, event_text (event, "text"));
  folding_text (&found->gist, event_text (event, "gist"));
  folding_text (&found->accept, event_text (event, "accept"));
  if (event_json (event, "proves"))
    json_object_update (state->proofs, (json_t *)event_json (event, "proves"));
  gboolean alarm = verdict == VERDICT_NOT_YET || verdict == VERDICT_NEVER;
  if (strcmp (section, "during") == 0 && alarm && !step->trouble)
    step->trouble = g_strdup (event_text (event, "text"));
}

static void
keep_answer (RunState *state, StepState *step, const Event *event)
{
  if (json_object_get (state->question->details, "instruction")) {
    step->instructed = TRUE;
    return;
  }
  step->asked = TRUE;
  folding_text (&step->answer, event_text (event, "text"));
  const char *into =
      json_string_value (json_object_get (state->question->details, "into"));
  if (into)
    json_object_set_new (state->answers, into, json_string (event_text (event, "text")));
}

/* A plan was agreed to: it is proved again, then carried out. */
static void
agree (RunState *state, StepState *step, const Event *event)
{
  step->purpose = state->question->purpose;
  step->offers += step->purpose == PURPOSE_OTHERWISE;
  step->origin = step->phase;
  step->proven_since = event->at;
  step->commands = 0;
  step->commands_done = 0;
  folding_json (&step->action, state->question->details);
}

static void
decline (RunState *state, StepState *step, const Event *event)
{
  (void)state;
  step->declined = event->at;
}

/* Said once: the next verdict of that check tells of it. */
static void
accept (RunState *state, StepState *step, const Event *event)
{
  (void)state;
  const char *word = event_text (event, "accept");
  for (guint i = 0; i < step->verdicts->len; i++) {
    StateVerdict *verdict = step->verdicts->pdata[i];
    if (g_strcmp0 (verdict->accept, word) == 0)
      folding_text (&verdict->accept, NULL);
  }
  g_ptr_array_add (step->accepted, g_strdup (word));
}

static void
begin_command (RunState *state, StepState *step, const Event *event)
{
  state->commands_begun++;
  step->commands = (guint)event_number (event, "count");
  step->lost = FALSE;
  step->ending = FALSE;
  g_clear_pointer (&step->trouble, g_free);
  folding_json (&step->command, event->data);
}

static void
end_command (RunState *state, StepState *step, const Event *event)
{
  state->acted_us = event->at.boot_us;
  g_clear_pointer (&step->command, json_decref);
  gint64 status = event_number (event, "status");
  gint64 signal = event_number (event, "signal");
  const char *problem = event_text (event, "problem");
  if (*problem)
    folding_text (&step->trouble, problem);
  else if (status > 0) {
    g_free (step->trouble);
    step->trouble =
        g_strdup_printf ("the command ended with status %" G_GINT64_FORMAT, status);
  } else if (status < 0) {
    g_free (step->trouble);
    step->trouble =
        g_strdup_printf ("the command was ended by signal %" G_GINT64_FORMAT, signal);
  } else
    step->commands_done++;
}

static void
lose_command (RunState *state, StepState *step, const Event *event)
{
  (void)state;
  step->lost = !event_flag (event, "alive");
}

static void
believe (RunState *state, StepState *step, const Event *event)
{
  (void)state;
  (void)event;
  g_clear_pointer (&step->command, json_decref);
  step->lost = FALSE;
  step->commands_done++;
}

static void
forget_command (RunState *state, StepState *step, const Event *event)
{
  (void)state;
  (void)event;
  g_clear_pointer (&step->command, json_decref);
  step->lost = FALSE;
}

static void
end_wanted (RunState *state, StepState *step, const Event *event)
{
  (void)state;
  (void)event;
  step->ending = TRUE;
}

static void
end_action (RunState *state, StepState *step, const Event *event)
{
  Purpose purpose = PURPOSE_DO;
  purpose_from_name (event_text (event, "purpose"), &purpose);
  step->acted |= purpose == PURPOSE_DO;
  step->undone = purpose == PURPOSE_UNDO;
  step->deadline_us = 0;
  if (purpose == PURPOSE_OTHERWISE)
    step->offered = event->at;
  const json_t *planned = event_json (event, "planned");
  const char *service;
  json_t *count;
  json_object_foreach ((json_t *)planned, service, count)
  {
    const LedgerEntry *entry = ledger_get (state->ledger, service);
    if (entry && entry->count != json_integer_value (count))
      ledger_set_restored (state->ledger, service, FALSE);
  }
  if (purpose == PURPOSE_DO) {
    json_t *action = json_object ();
    if (planned)
      json_object_set (action, "planned", (json_t *)planned);
    json_object_set_new (action, "restores",
                         json_boolean (event_flag (event, "restores")));
    if (step->action)
      json_object_update_missing (action, step->action);
    folding_json (&step->action, action);
    json_decref (action);
  }
}

static void
settle (RunState *state, StepState *step, const Event *event)
{
  (void)state;
  step->deadline_us = folding_later (event->at.boot_us, event_number (event, "limit_us"));
}

static void
fail (RunState *state, StepState *step, const Event *event)
{
  (void)state;
  folding_text (&step->reason, event_text (event, "reason"));
  g_clear_pointer (&step->trouble, g_free);
}

static void
retry (RunState *state, StepState *step, const Event *event)
{
  (void)state;
  (void)event;
  folding_text (&step->reason, NULL);
  step->instructed = FALSE;
  step->undone = FALSE;
  step->declined = (Moment){ 0, 0 };
  step->offers = 0;
  step->offered = (Moment){ 0, 0 };
  g_ptr_array_set_size (step->accepted, 0);
}

void
folding_stop (RunState *state, StepState *step, const Event *event)
{
  (void)step;
  state->stop_said = TRUE;
  state->held = strcmp (event_text (event, "kind"), "failed") != 0 &&
                strcmp (event_text (event, "kind"), "uncertain") != 0;
}

/* ---- the table ------------------------------------------------------------ */

/* Where the confirmed action was asked from: CHECKING for `do`, CHECKING or
 * SETTLING for `otherwise`, UNDOING for `undo`. */
#define PHASE_BACK PHASES

typedef struct {
  Phase phase;
  EventType event;
  const char *kind;   /* of an answer: its question's; of action-ended: the purpose */
  const char *answer; /* of an answer */
  Phase next;
  void (*effect) (RunState *state, StepState *step, const Event *event);
} Transition;

/* To be read aloud: in this phase, this event (of this kind, with this answer)
 * leads to that phase, and does this. What is not here cannot happen. */
static const Transition transitions[] = {
  { PHASE_PENDING, EVENT_STEP_BEGAN, NULL, NULL, PHASE_CHECKING, begin },
  { PHASE_PENDING, EVENT_STEP_SKIPPED, NULL, NULL, PHASE_SKIPPED, skip },

  { PHASE_CHECKING, EVENT_VERDICT, NULL, NULL, PHASE_CHECKING, judge },
  { PHASE_CHECKING, EVENT_STEP_RECORDED, NULL, NULL, PHASE_CHECKING, record },
  { PHASE_CHECKING, EVENT_ANSWERED, "ask", "text", PHASE_CHECKING, keep_answer },
  { PHASE_CHECKING, EVENT_ANSWERED, "confirm", "go", PHASE_PROVING, agree },
  { PHASE_CHECKING, EVENT_ANSWERED, "offer", "go", PHASE_PROVING, agree },
  { PHASE_CHECKING, EVENT_ANSWERED, "offer", "wait", PHASE_CHECKING, decline },
  { PHASE_CHECKING, EVENT_ANSWERED, "offer", "accept", PHASE_CHECKING, accept },
  { PHASE_CHECKING, EVENT_ANSWERED, "waiting", "accept", PHASE_CHECKING, accept },
  { PHASE_CHECKING, EVENT_ANSWERED, NULL, "skip", PHASE_SKIPPED, skip_as_told },
  { PHASE_CHECKING, EVENT_ANSWERED, NULL, "stop", PHASE_CHECKING, folding_stop },
  { PHASE_CHECKING, EVENT_ACTION_ENDED, "do", NULL, PHASE_SETTLING, end_action },
  { PHASE_CHECKING, EVENT_STEP_SETTLING, NULL, NULL, PHASE_SETTLING, settle },
  { PHASE_CHECKING, EVENT_STEP_DONE, NULL, NULL, PHASE_DONE, finish },
  { PHASE_CHECKING, EVENT_STEP_FAILED, NULL, NULL, PHASE_FAILED, fail },

  { PHASE_PROVING, EVENT_VERDICT, NULL, NULL, PHASE_PROVING, judge },
  { PHASE_PROVING, EVENT_REFUSED, NULL, NULL, PHASE_BACK, NULL },
  { PHASE_PROVING, EVENT_COMMAND_BEGAN, NULL, NULL, PHASE_ACTING, begin_command },
  { PHASE_PROVING, EVENT_STEP_FAILED, NULL, NULL, PHASE_FAILED, fail },
  { PHASE_PROVING, EVENT_ANSWERED, NULL, "skip", PHASE_SKIPPED, skip_as_told },
  { PHASE_PROVING, EVENT_ANSWERED, NULL, "stop", PHASE_BACK, folding_stop },

  { PHASE_ACTING, EVENT_VERDICT, NULL, NULL, PHASE_ACTING, judge },
  { PHASE_ACTING, EVENT_COMMAND_BEGAN, NULL, NULL, PHASE_ACTING, begin_command },
  { PHASE_ACTING, EVENT_COMMAND_ENDED, NULL, NULL, PHASE_ACTING, end_command },
  { PHASE_ACTING, EVENT_COMMAND_LOST, NULL, NULL, PHASE_UNCERTAIN, lose_command },
  { PHASE_ACTING, EVENT_ACTION_ENDED, "do", NULL, PHASE_SETTLING, end_action },
  { PHASE_ACTING, EVENT_ACTION_ENDED, "otherwise", NULL, PHASE_BACK, end_action },
  { PHASE_ACTING, EVENT_ACTION_ENDED, "undo", NULL, PHASE_FAILED, end_action },
  { PHASE_ACTING, EVENT_STEP_FAILED, NULL, NULL, PHASE_FAILED, fail },

  { PHASE_SETTLING, EVENT_VERDICT, NULL, NULL, PHASE_SETTLING, judge },
  { PHASE_SETTLING, EVENT_STEP_SETTLING, NULL, NULL, PHASE_SETTLING, settle },
  { PHASE_SETTLING, EVENT_ANSWERED, "offer", "go", PHASE_PROVING, agree },
  { PHASE_SETTLING, EVENT_ANSWERED, "offer", "wait", PHASE_SETTLING, decline },
  { PHASE_SETTLING, EVENT_ANSWERED, NULL, "skip", PHASE_SKIPPED, skip_as_told },
  { PHASE_SETTLING, EVENT_ANSWERED, NULL, "stop", PHASE_SETTLING, folding_stop },
  { PHASE_SETTLING, EVENT_STEP_DONE, NULL, NULL, PHASE_DONE, finish },
  { PHASE_SETTLING, EVENT_STEP_FAILED, NULL, NULL, PHASE_FAILED, fail },

  { PHASE_FAILED, EVENT_ANSWERED, "failed", "retry", PHASE_CHECKING, retry },
  { PHASE_FAILED, EVENT_ANSWERED, "failed", "undo", PHASE_UNDOING, NULL },
  { PHASE_FAILED, EVENT_ANSWERED, NULL, "skip", PHASE_SKIPPED, skip_as_told },
  { PHASE_FAILED, EVENT_ANSWERED, NULL, "stop", PHASE_FAILED, folding_stop },

  { PHASE_UNDOING, EVENT_VERDICT, NULL, NULL, PHASE_UNDOING, judge },
  { PHASE_UNDOING, EVENT_ANSWERED, "confirm", "go", PHASE_PROVING, agree },
  { PHASE_UNDOING, EVENT_ANSWERED, NULL, "skip", PHASE_SKIPPED, skip_as_told },
  { PHASE_UNDOING, EVENT_ANSWERED, NULL, "stop", PHASE_UNDOING, folding_stop },
  { PHASE_UNDOING, EVENT_ACTION_ENDED, "undo", NULL, PHASE_FAILED, end_action },
  { PHASE_UNDOING, EVENT_STEP_FAILED, NULL, NULL, PHASE_FAILED, fail },

  { PHASE_UNCERTAIN, EVENT_VERDICT, NULL, NULL, PHASE_UNCERTAIN, judge },
  { PHASE_UNCERTAIN, EVENT_COMMAND_LOST, NULL, NULL, PHASE_UNCERTAIN, lose_command },
  { PHASE_UNCERTAIN, EVENT_ANSWERED, "running", "wait", PHASE_UNCERTAIN, decline },
  { PHASE_UNCERTAIN, EVENT_ANSWERED, "running", "end", PHASE_UNCERTAIN, end_wanted },
  { PHASE_UNCERTAIN, EVENT_ANSWERED, "uncertain", "done", PHASE_ACTING, believe },
  { PHASE_UNCERTAIN, EVENT_ANSWERED, "uncertain", "again", PHASE_BACK, forget_command },
  { PHASE_UNCERTAIN, EVENT_ANSWERED, NULL, "stop", PHASE_UNCERTAIN, folding_stop },
};

static gboolean
is_or_any (const char *wanted, const Event *event, const char *member)
{
  return !wanted || strcmp (wanted, event_text (event, member)) == 0;
}

static const Transition *
transition_find (Phase phase, const Event *event)
{
  const char *kind = event->type == EVENT_ACTION_ENDED ? "purpose" : "kind";
  for (guint i = 0; i < G_N_ELEMENTS (transitions); i++) {
    const Transition *row = &transitions[i];
    if (row->phase == phase && row->event == event->type &&
        is_or_any (row->kind, event, kind) && is_or_any (row->answer, event, "answer"))
      return row;
  }
  return NULL;
}

void
folding_enter (StepState *step, Phase phase, const Event *event)
{
  if (phase == step->phase)
    return;
  step->phase = phase;
  step->phase_began = event->at;
  if (phase == PHASE_CHECKING || phase == PHASE_SETTLING)
    g_ptr_array_set_size (step->verdicts, 0);
}

gboolean
folding_step (RunState *state, const Event *event, GError **error)
{
  StepState *step = state_current (state);
  if (!step || strcmp (step->id, event_text (event, "step")) != 0)
    return folding_story_error (error, event, "here: that step is not at hand");
  const Transition *row = transition_find (step->phase, event);
  if (!row)
    return folding_story_error (error, event, phase_name (step->phase));
  Phase back = step->origin;
  if (row->effect)
    row->effect (state, step, event);
  folding_enter (step, row->next == PHASE_BACK ? back : row->next, event);
  while (state->current < state->steps->len) {
    Phase phase = state_current (state)->phase;
    if (phase != PHASE_DONE && phase != PHASE_SKIPPED)
      break;
    state->current++;
  }
  return TRUE;
}
