#include "core/run/state.h"

#include <string.h>

G_DEFINE_QUARK (handrail - state - error - quark, state_error)

/* ---- names ---------------------------------------------------------------- */

static const char *const phase_names[PHASES] = {
  "pending", "checking", "proving",   "acting", "settling",
  "failed",  "undoing",  "uncertain", "done",   "skipped",
};

static const char *const purpose_names[] = { "do", "otherwise", "undo", NULL };
static const char *const run_phase_names[] = { "going", "stopped", "finished",
                                               "abandoned" };
static const char *const question_kind_names[] = { "adopt",   "ask",    "confirm",
                                                   "offer",   "failed", "uncertain",
                                                   "running", NULL };

const char *
phase_name (Phase phase)
{
  return phase_names[phase];
}

const char *
purpose_name (Purpose purpose)
{
  return purpose_names[purpose];
}

const char *
run_phase_name (RunPhase phase)
{
  return run_phase_names[phase];
}

const char *
question_kind_name (QuestionKind kind)
{
  return question_kind_names[kind];
}

static gboolean
name_index (const char *const *names, const char *name, guint *index)
{
  for (guint i = 0; names[i]; i++)
    if (strcmp (names[i], name) == 0) {
      *index = i;
      return TRUE;
    }
  return FALSE;
}

gboolean
purpose_from_name (const char *name, Purpose *purpose)
{
  guint index = 0;
  if (!name_index (purpose_names, name, &index))
    return FALSE;
  *purpose = (Purpose)index;
  return TRUE;
}

gboolean
question_kind_from_name (const char *name, QuestionKind *kind)
{
  guint index = 0;
  if (!name_index (question_kind_names, name, &index))
    return FALSE;
  *kind = (QuestionKind)index;
  return TRUE;
}

/* ---- memory --------------------------------------------------------------- */

static void
question_free (Question *question)
{
  if (!question)
    return;
  g_free (question->step);
  g_free (question->text);
  g_free (question->word);
  g_free (question->digest);
  json_decref (question->details);
  g_free (question);
}

static void
state_verdict_free (StateVerdict *verdict)
{
  g_free (verdict->section);
  g_free (verdict->text);
  g_free (verdict);
}

static StepState *
step_state_new (const char *id, const char *title)
{
  StepState *step = g_new0 (StepState, 1);
  step->id = g_strdup (id);
  step->title = g_strdup (title);
  step->verdicts = g_ptr_array_new_with_free_func ((GDestroyNotify)state_verdict_free);
  return step;
}

static void
step_state_free (StepState *step)
{
  g_free (step->id);
  g_free (step->title);
  g_free (step->answer);
  g_free (step->reason);
  g_free (step->trouble);
  json_decref (step->action);
  json_decref (step->command);
  g_ptr_array_unref (step->verdicts);
  g_free (step);
}

static void
viewer_state_free (ViewerState *viewer)
{
  g_free (viewer->user);
  g_free (viewer);
}

RunState *
state_new (void)
{
  RunState *state = g_new0 (RunState, 1);
  state->steps = g_ptr_array_new_with_free_func ((GDestroyNotify)step_state_free);
  state->index = g_hash_table_new (g_str_hash, g_str_equal);
  state->ledger = ledger_new ();
  state->viewers = g_ptr_array_new_with_free_func ((GDestroyNotify)viewer_state_free);
  state->notes = g_ptr_array_new_with_free_func ((GDestroyNotify)json_decref);
  state->answers = json_object ();
  return state;
}

void
state_free (RunState *state)
{
  if (!state)
    return;
  char *texts[] = {
    state->name,           state->runbook,     state->title,        state->runbook_file,
    state->runbook_digest, state->site,        state->site_file,    state->site_digest,
    state->platform,       state->host,        state->user,         state->program,
    state->boot,           state->stopped_why, state->adopted_from,
  };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  json_decref (state->sources);
  json_decref (state->settings);
  json_decref (state->answers);
  question_free (state->question);
  g_hash_table_unref (state->index);
  g_ptr_array_unref (state->steps);
  ledger_free (state->ledger);
  g_ptr_array_unref (state->viewers);
  g_ptr_array_unref (state->notes);
  g_free (state);
}

/* ---- looking -------------------------------------------------------------- */

StepState *
state_current (const RunState *state)
{
  return state->current < state->steps->len ? state->steps->pdata[state->current] : NULL;
}

StepState *
state_step (const RunState *state, const char *id)
{
  return g_hash_table_lookup (state->index, id);
}

gboolean
state_is_unfinished (const RunState *state)
{
  return state->phase == RUN_GOING || state->phase == RUN_STOPPED;
}

int
state_exit_status (const RunState *state)
{
  if (state->phase == RUN_FINISHED)
    return 0;
  return state->phase == RUN_STOPPED && state->held ? 3 : 1;
}

/* ---- what an event does to the step at hand ------------------------------- */

static void
replace_text (char **text, const char *with)
{
  char *copy = with && *with ? g_strdup (with) : NULL;
  g_free (*text);
  *text = copy;
}

static void
replace_json (json_t **json, json_t *with)
{
  json_t *kept = with ? json_incref (with) : NULL;
  json_decref (*json);
  *json = kept;
}

static void
begin (RunState *state, StepState *step, const Event *event)
{
  (void)state;
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
  replace_text (&step->reason, event_text (event, "reason"));
}

static void
skip_as_told (RunState *state, StepState *step, const Event *event)
{
  (void)state;
  step->ended = event->at;
  step->by_operator = TRUE;
  replace_text (&step->reason, event_text (event, "text"));
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
  (void)state;
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
  replace_text (&found->text, event_text (event, "text"));
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
  replace_text (&step->answer, event_text (event, "text"));
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
  step->origin = step->phase;
  step->proven_since = event->at;
  step->commands = 0;
  step->commands_done = 0;
  replace_json (&step->action, state->question->details);
}

static void
decline (RunState *state, StepState *step, const Event *event)
{
  (void)state;
  step->declined = event->at;
}

static void
begin_command (RunState *state, StepState *step, const Event *event)
{
  (void)state;
  step->commands = (guint)event_number (event, "count");
  step->lost = FALSE;
  step->ending = FALSE;
  g_clear_pointer (&step->trouble, g_free);
  replace_json (&step->command, event->data);
}

static void
end_command (RunState *state, StepState *step, const Event *event)
{
  (void)state;
  g_clear_pointer (&step->command, json_decref);
  gint64 status = event_number (event, "status");
  gint64 signal = event_number (event, "signal");
  const char *problem = event_text (event, "problem");
  if (*problem)
    replace_text (&step->trouble, problem);
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
    replace_json (&step->action, action);
    json_decref (action);
  }
}

static void
settle (RunState *state, StepState *step, const Event *event)
{
  (void)state;
  step->deadline_us = event->at.boot_us + event_number (event, "limit_us");
}

static void
fail (RunState *state, StepState *step, const Event *event)
{
  (void)state;
  replace_text (&step->reason, event_text (event, "reason"));
  g_clear_pointer (&step->trouble, g_free);
}

static void
retry (RunState *state, StepState *step, const Event *event)
{
  (void)state;
  (void)event;
  replace_text (&step->reason, NULL);
  step->instructed = FALSE;
  step->undone = FALSE;
  step->declined = (Moment){ 0, 0 };
}

static void
stop (RunState *state, StepState *step, const Event *event)
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
  { PHASE_CHECKING, EVENT_ANSWERED, NULL, "skip", PHASE_SKIPPED, skip_as_told },
  { PHASE_CHECKING, EVENT_ANSWERED, NULL, "stop", PHASE_CHECKING, stop },
  { PHASE_CHECKING, EVENT_ACTION_ENDED, "do", NULL, PHASE_SETTLING, end_action },
  { PHASE_CHECKING, EVENT_STEP_SETTLING, NULL, NULL, PHASE_SETTLING, settle },
  { PHASE_CHECKING, EVENT_STEP_DONE, NULL, NULL, PHASE_DONE, finish },
  { PHASE_CHECKING, EVENT_STEP_FAILED, NULL, NULL, PHASE_FAILED, fail },

  { PHASE_PROVING, EVENT_VERDICT, NULL, NULL, PHASE_PROVING, judge },
  { PHASE_PROVING, EVENT_REFUSED, NULL, NULL, PHASE_BACK, NULL },
  { PHASE_PROVING, EVENT_COMMAND_BEGAN, NULL, NULL, PHASE_ACTING, begin_command },
  { PHASE_PROVING, EVENT_STEP_FAILED, NULL, NULL, PHASE_FAILED, fail },
  { PHASE_PROVING, EVENT_ANSWERED, NULL, "skip", PHASE_SKIPPED, skip_as_told },
  { PHASE_PROVING, EVENT_ANSWERED, NULL, "stop", PHASE_BACK, stop },

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
  { PHASE_SETTLING, EVENT_ANSWERED, NULL, "stop", PHASE_SETTLING, stop },
  { PHASE_SETTLING, EVENT_STEP_DONE, NULL, NULL, PHASE_DONE, finish },
  { PHASE_SETTLING, EVENT_STEP_FAILED, NULL, NULL, PHASE_FAILED, fail },

  { PHASE_FAILED, EVENT_ANSWERED, "failed", "retry", PHASE_CHECKING, retry },
  { PHASE_FAILED, EVENT_ANSWERED, "failed", "undo", PHASE_UNDOING, NULL },
  { PHASE_FAILED, EVENT_ANSWERED, NULL, "skip", PHASE_SKIPPED, skip_as_told },
  { PHASE_FAILED, EVENT_ANSWERED, NULL, "stop", PHASE_FAILED, stop },

  { PHASE_UNDOING, EVENT_VERDICT, NULL, NULL, PHASE_UNDOING, judge },
  { PHASE_UNDOING, EVENT_ANSWERED, "confirm", "go", PHASE_PROVING, agree },
  { PHASE_UNDOING, EVENT_ANSWERED, NULL, "skip", PHASE_SKIPPED, skip_as_told },
  { PHASE_UNDOING, EVENT_ANSWERED, NULL, "stop", PHASE_UNDOING, stop },
  { PHASE_UNDOING, EVENT_ACTION_ENDED, "undo", NULL, PHASE_FAILED, end_action },
  { PHASE_UNDOING, EVENT_STEP_FAILED, NULL, NULL, PHASE_FAILED, fail },

  { PHASE_UNCERTAIN, EVENT_VERDICT, NULL, NULL, PHASE_UNCERTAIN, judge },
  { PHASE_UNCERTAIN, EVENT_COMMAND_LOST, NULL, NULL, PHASE_UNCERTAIN, lose_command },
  { PHASE_UNCERTAIN, EVENT_ANSWERED, "running", "wait", PHASE_UNCERTAIN, decline },
  { PHASE_UNCERTAIN, EVENT_ANSWERED, "running", "end", PHASE_UNCERTAIN, end_wanted },
  { PHASE_UNCERTAIN, EVENT_ANSWERED, "uncertain", "done", PHASE_ACTING, believe },
  { PHASE_UNCERTAIN, EVENT_ANSWERED, "uncertain", "again", PHASE_BACK, forget_command },
  { PHASE_UNCERTAIN, EVENT_ANSWERED, NULL, "stop", PHASE_UNCERTAIN, stop },
};

static gboolean
is_or_any (const char *wanted, const char *text)
{
  return !wanted || strcmp (wanted, text) == 0;
}

static const Transition *
transition_find (Phase phase, const Event *event)
{
  const char *kind =
      event_text (event, event->type == EVENT_ACTION_ENDED ? "purpose" : "kind");
  const char *answer = event_text (event, "answer");
  for (guint i = 0; i < G_N_ELEMENTS (transitions); i++) {
    const Transition *row = &transitions[i];
    if (row->phase == phase && row->event == event->type && is_or_any (row->kind, kind) &&
        is_or_any (row->answer, answer))
      return row;
  }
  return NULL;
}

static void
step_enter (StepState *step, Phase phase, const Event *event)
{
  if (phase == step->phase)
    return;
  step->phase = phase;
  step->phase_began = event->at;
  if (phase == PHASE_CHECKING || phase == PHASE_SETTLING)
    g_ptr_array_set_size (step->verdicts, 0);
}

static gboolean
story_error (GError **error, const Event *event, const char *where)
{
  g_set_error (error, STATE_ERROR, STATE_ERROR_STORY, "%s cannot follow %s",
               event_type_name (event->type), where);
  return FALSE;
}

static gboolean
step_apply (RunState *state, const Event *event, GError **error)
{
  StepState *step = state_current (state);
  if (!step || strcmp (step->id, event_text (event, "step")) != 0)
    return story_error (error, event, "here: that step is not at hand");
  const Transition *row = transition_find (step->phase, event);
  if (!row)
    return story_error (error, event, phase_name (step->phase));
  Phase back = step->origin;
  if (row->effect)
    row->effect (state, step, event);
  step_enter (step, row->next == PHASE_BACK ? back : row->next, event);
  while (state->current < state->steps->len) {
    Phase phase = state_current (state)->phase;
    if (phase != PHASE_DONE && phase != PHASE_SKIPPED)
      break;
    state->current++;
  }
  return TRUE;
}

/* ---- questions ------------------------------------------------------------ */

static gboolean
asked_apply (RunState *state, const Event *event, GError **error)
{
  QuestionKind kind;
  Purpose purpose;
  if (!question_kind_from_name (event_text (event, "kind"), &kind) ||
      !purpose_from_name (event_text (event, "purpose"), &purpose))
    return story_error (error, event, "here: its kind or purpose is unknown");
  StepState *step = state_current (state);
  if (state->question || event_number (event, "question") != (gint64)state->questions + 1)
    return story_error (error, event, "here: a question stands, or the number is wrong");
  if (kind != QUESTION_ADOPT &&
      (!step || strcmp (step->id, event_text (event, "step")) != 0))
    return story_error (error, event, "here: that step is not at hand");
  Question *question = g_new0 (Question, 1);
  question->number = ++state->questions;
  question->kind = kind;
  question->purpose = purpose;
  question->step = g_strdup (event_text (event, "step"));
  question->text = g_strdup (event_text (event, "text"));
  replace_text (&question->word, event_text (event, "word"));
  question->digest = g_strdup (event_text (event, "digest"));
  question->details = json_incref (event->data);
  question->at = event->at;
  state->question = question;
  return TRUE;
}

static gboolean
withdrawn_apply (RunState *state, const Event *event, GError **error)
{
  if (!state->question || event_number (event, "question") != state->question->number)
    return story_error (error, event, "here: that question does not stand");
  g_clear_pointer (&state->question, question_free);
  return TRUE;
}

static gboolean
answered_apply (RunState *state, const Event *event, GError **error)
{
  guint standing = state->question ? state->question->number : 0;
  const char *kind =
      state->question ? question_kind_name (state->question->kind) : "waiting";
  if (event_number (event, "question") != standing ||
      strcmp (event_text (event, "kind"), kind) != 0 ||
      (state->question && strcmp (event_text (event, "digest"), state->question->digest)))
    return story_error (error, event, "here: it answers another question");
  gboolean adopt = state->question && state->question->kind == QUESTION_ADOPT;
  if (adopt && strcmp (event_text (event, "answer"), "stop") == 0)
    stop (state, NULL, event);
  else if (adopt) {
    /* "go" is followed by ledger-adopted */
    state->adoption_settled = strcmp (event_text (event, "answer"), "go") != 0;
    state->adoption_agreed = !state->adoption_settled;
  } else if (!step_apply (state, event, error))
    return FALSE;
  g_clear_pointer (&state->question, question_free);
  return TRUE;
}

/* ---- the run as a whole --------------------------------------------------- */

static void
copy_member (char **text, const json_t *object, const char *member)
{
  replace_text (text, json_string_value (json_object_get (object, member)));
}

static void
runner_apply (RunState *state, const Event *event)
{
  replace_text (&state->program, event_text (event, "program"));
  replace_text (&state->host, event_text (event, "host"));
  replace_text (&state->user, event_text (event, "user"));
  replace_text (&state->boot, event_text (event, "boot"));
  state->uid = event_number (event, "uid");
  state->pid = event_number (event, "pid");
}

static gboolean
began_apply (RunState *state, const Event *event, GError **error)
{
  if (state->number)
    return story_error (error, event, "another event");
  const json_t *runbook = event_json (event, "runbook");
  const json_t *site = event_json (event, "site");
  replace_text (&state->name, event_text (event, "run"));
  copy_member (&state->runbook, runbook, "name");
  copy_member (&state->title, runbook, "title");
  copy_member (&state->runbook_file, runbook, "file");
  copy_member (&state->runbook_digest, runbook, "digest");
  copy_member (&state->site, site, "name");
  copy_member (&state->site_file, site, "file");
  copy_member (&state->site_digest, site, "digest");
  copy_member (&state->platform, site, "platform");
  state->production = json_is_true (json_object_get (site, "production"));
  state->practice = event_flag (event, "practice");
  replace_json (&state->sources, (json_t *)event_json (event, "sources"));
  replace_json (&state->settings, (json_t *)event_json (event, "settings"));
  runner_apply (state, event);
  const json_t *steps = event_json (event, "steps");
  for (size_t i = 0; i < json_array_size (steps); i++) {
    const char *id =
        json_string_value (json_object_get (json_array_get (steps, i), "id"));
    const char *title =
        json_string_value (json_object_get (json_array_get (steps, i), "title"));
    if (!id || !title || g_hash_table_contains (state->index, id))
      return story_error (error, event, "nothing: its list of steps is not one");
    StepState *step = step_state_new (id, title);
    g_ptr_array_add (state->steps, step);
    g_hash_table_insert (state->index, step->id, step);
  }
  state->began = event->at;
  return TRUE;
}

/* Journaled boot times of the step at hand as this boot's. No time is known to have
 * passed while the machine was down but what the wall clock says; of the two estimates
 * of a deadline the later one counts. */
static void
step_across_boots (StepState *step, Moment last, Moment now)
{
  gint64 away_us = MAX (0, now.wall_us - last.wall_us);
  gint64 shift_us = now.boot_us - (last.boot_us + away_us);
  step->began.boot_us += shift_us;
  step->phase_began.boot_us += shift_us;
  step->proven_since.boot_us += shift_us;
  if (step->declined.boot_us)
    step->declined.boot_us += shift_us;
  if (step->deadline_us)
    step->deadline_us = MAX (step->deadline_us + shift_us,
                             step->deadline_us + now.boot_us - last.boot_us);
}

static gboolean
resumed_apply (RunState *state, const Event *event, GError **error)
{
  if (!state_is_unfinished (state))
    return story_error (error, event, "the end of the run");
  StepState *step = state_current (state);
  gboolean same_boot = g_strcmp0 (state->boot, event_text (event, "boot")) == 0;
  if (step && !same_boot)
    step_across_boots (step, state->last, event->at);
  if (step && step->phase == PHASE_PROVING)
    step_enter (step, step->origin, event);
  if (step)
    step->declined = (Moment){ 0, 0 };
  for (guint i = 0; i < state->viewers->len; i++)
    ((ViewerState *)state->viewers->pdata[i])->here = FALSE;
  g_clear_pointer (&state->question, question_free);
  replace_text (&state->stopped_why, NULL);
  state->phase = RUN_GOING;
  state->held = FALSE;
  state->stop_said = FALSE;
  state->controls = 0;
  state->resumes++;
  runner_apply (state, event);
  return TRUE;
}

static gboolean
ended_apply (RunState *state, const Event *event, GError **error)
{
  if (!state_is_unfinished (state))
    return story_error (error, event, "the end of the run");
  if (event->type == EVENT_RUN_FINISHED && state_current (state))
    return story_error (error, event, "a step that is not over");
  g_clear_pointer (&state->question, question_free);
  if (event->type == EVENT_RUN_FINISHED)
    state->phase = RUN_FINISHED;
  else if (event->type == EVENT_RUN_ABANDONED)
    state->phase = RUN_ABANDONED;
  else {
    state->phase = RUN_STOPPED;
    state->held = event_flag (event, "held");
  }
  state->stop_said = FALSE;
  replace_text (&state->stopped_why, event_text (event, "why"));
  return TRUE;
}

static ViewerState *
viewer_find (const RunState *state, gint64 number)
{
  for (guint i = 0; i < state->viewers->len; i++) {
    ViewerState *viewer = state->viewers->pdata[i];
    if ((gint64)viewer->viewer == number)
      return viewer;
  }
  return NULL;
}

static gboolean
viewer_apply (RunState *state, const Event *event, GError **error)
{
  gint64 number = event_number (event, "viewer");
  ViewerState *viewer = viewer_find (state, number);
  if (event->type == EVENT_CONTROLS) {
    if (number && !viewer)
      return story_error (error, event, "here: there is no such viewer");
    state->controls = (guint)number;
  } else if (event->type == EVENT_VIEWER_LEFT) {
    if (!viewer)
      return story_error (error, event, "here: there is no such viewer");
    viewer->here = FALSE;
    if (state->controls == viewer->viewer)
      state->controls = 0;
  } else {
    if (viewer)
      return story_error (error, event, "here: that viewer has come already");
    viewer = g_new0 (ViewerState, 1);
    viewer->viewer = (guint)number;
    viewer->uid = event_number (event, "uid");
    viewer->user = g_strdup (event_text (event, "user"));
    viewer->here = TRUE;
    g_ptr_array_add (state->viewers, viewer);
  }
  return TRUE;
}

static gboolean
adopted_apply (RunState *state, const Event *event, GError **error)
{
  if (!ledger_merge_json (state->ledger, event_json (event, "ledger")))
    return story_error (error, event, "here: its ledger is not one");
  replace_text (&state->adopted_from, event_text (event, "run"));
  state->adoption_settled = TRUE;
  state->adoption_agreed = FALSE;
  return TRUE;
}

static gboolean
note_apply (RunState *state, const Event *event, GError **error)
{
  (void)error;
  json_t *note = json_copy (event->data);
  g_autofree char *wall = moment_format_wall (event->at.wall_us);
  json_object_set_new (note, "wall", json_string (wall));
  g_ptr_array_add (state->notes, note);
  return TRUE;
}

/* Who folds an event in; the rest belongs to the step at hand. */
static gboolean (*const appliers[EVENT_TYPES]) (RunState *, const Event *, GError **) = {
  [EVENT_RUN_BEGAN] = began_apply,     [EVENT_RUN_RESUMED] = resumed_apply,
  [EVENT_RUN_STOPPED] = ended_apply,   [EVENT_RUN_ABANDONED] = ended_apply,
  [EVENT_RUN_FINISHED] = ended_apply,  [EVENT_LEDGER_ADOPTED] = adopted_apply,
  [EVENT_VIEWER_CAME] = viewer_apply,  [EVENT_VIEWER_LEFT] = viewer_apply,
  [EVENT_CONTROLS] = viewer_apply,     [EVENT_ASKED] = asked_apply,
  [EVENT_WITHDRAWN] = withdrawn_apply, [EVENT_ANSWERED] = answered_apply,
  [EVENT_NOTE] = note_apply,
};

/* What may be written once a run is over, or stopped: little. */
static gboolean
may_follow_the_end (EventType type)
{
  return type == EVENT_RUN_RESUMED || type == EVENT_RUN_ABANDONED || type == EVENT_NOTE ||
         type == EVENT_VIEWER_CAME || type == EVENT_VIEWER_LEFT || type == EVENT_CONTROLS;
}

gboolean
state_apply (RunState *state, const Event *event, GError **error)
{
  if (!state->number && event->type != EVENT_RUN_BEGAN)
    return story_error (error, event, "nothing: a run begins with run-began");
  if (state->number && state->phase != RUN_GOING && !may_follow_the_end (event->type))
    return story_error (error, event, "the end of the run");
  gboolean (*apply) (RunState *, const Event *, GError **) =
      appliers[event->type] ? appliers[event->type] : step_apply;
  if (!apply (state, event, error))
    return FALSE;
  state->number++;
  state->last = event->at;
  return TRUE;
}
