#include "core/run/state.h"

#include <string.h>

#include "core/run/acceptance.h"
#include "core/run/folding.h"

G_DEFINE_QUARK (handrail_state_error, state_error)

/* So many steps are named in one line. */
#define STEPS_NAMED_MAX 3

/* ---- names ---------------------------------------------------------------- */

static const char *const phase_names[PHASES] = {
  "pending", "checking", "proving",   "acting", "settling",
  "failed",  "undoing",  "uncertain", "done",   "skipped",
};

static const char *const purpose_names[] = { "do", "otherwise", "undo", NULL };
static const char *const run_phase_names[] = { "going", "stopped", "finished",
                                               "abandoned" };
static const char *const question_kind_names[] = { "adopt",  "ask",     "confirm",
                                                   "offer",  "failed",  "uncertain",
                                                   "review", "running", NULL };

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
  g_free (verdict->gist);
  g_free (verdict->accept);
  g_free (verdict);
}

static StepState *
step_state_new (const char *id, const char *title)
{
  StepState *step = g_new0 (StepState, 1);
  step->id = g_strdup (id);
  step->title = g_strdup (title);
  step->verdicts = g_ptr_array_new_with_free_func ((GDestroyNotify)state_verdict_free);
  step->accepted = g_ptr_array_new_with_free_func (g_free);
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
  g_ptr_array_unref (step->accepted);
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
  state->speed = 1;
  state->steps = g_ptr_array_new_with_free_func ((GDestroyNotify)step_state_free);
  state->index = g_hash_table_new (g_str_hash, g_str_equal);
  state->ledger = ledger_new ();
  state->viewers = g_ptr_array_new_with_free_func ((GDestroyNotify)viewer_state_free);
  state->notes = g_ptr_array_new_with_free_func ((GDestroyNotify)json_decref);
  state->answers = json_object ();
  state->proofs = json_object ();
  return state;
}

void
state_free (RunState *state)
{
  if (!state)
    return;
  char *texts[] = {
    state->after,
    state->name,
    state->runbook,
    state->title,
    state->runbook_file,
    state->runbook_digest,
    state->site,
    state->site_file,
    state->site_digest,
    state->platform,
    state->practice_folder,
    state->host,
    state->user,
    state->program,
    state->boot,
    state->stopped_why,
    state->adopted_from,
  };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  json_decref (state->sources);
  json_decref (state->settings);
  json_decref (state->answers);
  json_decref (state->proofs);
  json_decref (state->broken);
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

const char *
state_skipped_word (const StepState *step)
{
  return step->by_operator ? "skipped" : "left out";
}

/* "1 left out: See it answer (url is none)". */
static void
add_skipped (GString *words, const RunState *state, gboolean by_operator)
{
  guint count = 0;
  g_autoptr (GString) named = g_string_new (NULL);
  for (guint i = 0; i < state->steps->len; i++) {
    const StepState *step = state->steps->pdata[i];
    if (step->phase != PHASE_SKIPPED || step->by_operator != by_operator)
      continue;
    if (++count <= STEPS_NAMED_MAX)
      g_string_append_printf (named, "%s%s%s%s%s", count > 1 ? ", " : "", step->title,
                              step->reason ? " (" : "", step->reason ? step->reason : "",
                              step->reason ? ")" : "");
  }
  if (count == 0)
    return;
  g_string_append_printf (words, ", %u %s: %s", count,
                          by_operator ? "skipped" : "left out", named->str);
  if (count > STEPS_NAMED_MAX)
    g_string_append_printf (words, " and %u more", count - STEPS_NAMED_MAX);
}

char *
state_steps_words (const RunState *state)
{
  guint done = 0;
  for (guint i = 0; i < state->steps->len; i++)
    done += ((const StepState *)state->steps->pdata[i])->phase == PHASE_DONE;
  g_autoptr (GString) words = g_string_new (NULL);
  g_string_printf (words, "%u of %u steps done", done, state->steps->len);
  add_skipped (words, state, TRUE);
  add_skipped (words, state, FALSE);
  return g_string_free (g_steal_pointer (&words), FALSE);
}

gboolean
state_is_watched (const RunState *state)
{
  for (guint i = 0; i < state->viewers->len; i++)
    if (((const ViewerState *)g_ptr_array_index (state->viewers, i))->here)
      return TRUE;
  return FALSE;
}

gboolean
state_is_refused (const RunState *state)
{
  return state->phase == RUN_STOPPED && state->refused;
}

gboolean
state_is_harmless (const RunState *state)
{
  return state_is_refused (state) && state->commands_begun == 0;
}

gboolean
state_is_resumable (const RunState *state)
{
  return state_is_unfinished (state) && !state->final && !state_is_harmless (state);
}

int
state_exit_status (const RunState *state)
{
  if (state->phase == RUN_FINISHED)
    return 0;
  return state->phase == RUN_STOPPED && state->held ? 3 : 1;
}

/* ---- questions ------------------------------------------------------------ */

static gboolean
asked_apply (RunState *state, const Event *event, GError **error)
{
  QuestionKind kind;
  Purpose purpose;
  if (!question_kind_from_name (event_text (event, "kind"), &kind) ||
      !purpose_from_name (event_text (event, "purpose"), &purpose))
    return folding_story_error (error, event, "here: its kind or purpose is unknown");
  gboolean of_run = kind == QUESTION_ADOPT || kind == QUESTION_REVIEW;
  StepState *step = state_current (state);
  if (state->question || event_number (event, "question") != (gint64)state->questions + 1)
    return folding_story_error (error, event,
                                "here: a question stands, or the number is wrong");
  if (!of_run && (!step || strcmp (step->id, event_text (event, "step")) != 0))
    return folding_story_error (error, event, "here: that step is not at hand");
  Question *question = g_new0 (Question, 1);
  question->number = ++state->questions;
  question->kind = kind;
  question->purpose = purpose;
  question->step = g_strdup (event_text (event, "step"));
  question->text = g_strdup (event_text (event, "text"));
  folding_text (&question->word, event_text (event, "word"));
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
    return folding_story_error (error, event, "here: that question does not stand");
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
    return folding_story_error (error, event, "here: it answers another question");
  if (strcmp (event_text (event, "answer"), "accept") == 0 &&
      !acceptance_named (state, event_text (event, "accept")))
    return folding_story_error (error, event,
                                "here: nothing that stands is accepted by that word");
  gboolean stops = strcmp (event_text (event, "answer"), "stop") == 0;
  gboolean adopt = state->question && state->question->kind == QUESTION_ADOPT;
  gboolean review = state->question && state->question->kind == QUESTION_REVIEW;
  if ((adopt || review) && stops)
    folding_stop (state, NULL, event);
  else if (adopt) {
    /* "go" is followed by ledger-adopted */
    state->adoption_agreed = strcmp (event_text (event, "answer"), "go") == 0;
    state->adoption_settled = !state->adoption_agreed;
  } else if (review)
    g_clear_pointer (&state->broken, json_decref);
  else if (!folding_step (state, event, error))
    return FALSE;
  g_clear_pointer (&state->question, question_free);
  return TRUE;
}

/* ---- the run as a whole --------------------------------------------------- */

static void
copy_member (char **text, const json_t *object, const char *member)
{
  folding_text (text, json_string_value (json_object_get (object, member)));
}

static void
runner_apply (RunState *state, const Event *event)
{
  folding_text (&state->program, event_text (event, "program"));
  folding_text (&state->host, event_text (event, "host"));
  folding_text (&state->user, event_text (event, "user"));
  folding_text (&state->boot, event_text (event, "boot"));
  state->uid = event_number (event, "uid");
  state->pid = event_number (event, "pid");
}

/* Takes over the list of steps, or nothing if it is not one. */
static gboolean
steps_apply (RunState *state, const json_t *steps)
{
  for (size_t i = 0; i < json_array_size (steps); i++) {
    const json_t *row = json_array_get (steps, i);
    const char *id = json_string_value (json_object_get (row, "id"));
    const char *title = json_string_value (json_object_get (row, "title"));
    if (!id || !title || g_hash_table_contains (state->index, id)) {
      g_hash_table_remove_all (state->index);
      g_ptr_array_set_size (state->steps, 0);
      return FALSE;
    }
    StepState *step = step_state_new (id, title);
    g_ptr_array_add (state->steps, step);
    g_hash_table_insert (state->index, step->id, step);
  }
  return TRUE;
}

static gboolean
began_apply (RunState *state, const Event *event, GError **error)
{
  if (state->number)
    return folding_story_error (error, event, "another event");
  if (!steps_apply (state, event_json (event, "steps")))
    return folding_story_error (error, event, "nothing: its list of steps is not one");
  const json_t *runbook = event_json (event, "runbook");
  const json_t *site = event_json (event, "site");
  folding_text (&state->name, event_text (event, "run"));
  folding_text (&state->after, event_text (event, "after"));
  copy_member (&state->runbook, runbook, "name");
  copy_member (&state->title, runbook, "title");
  copy_member (&state->runbook_file, runbook, "file");
  copy_member (&state->runbook_digest, runbook, "digest");
  copy_member (&state->site, site, "name");
  copy_member (&state->site_file, site, "file");
  copy_member (&state->site_digest, site, "digest");
  copy_member (&state->platform, site, "platform");
  state->practice = event_flag (event, "practice");
  state->production =
      !state->practice && json_is_true (json_object_get (site, "production"));
  state->speed = CLAMP (event_number (event, "speed"), 1, STATE_SPEED_MAX);
  folding_text (&state->practice_folder, event_json (event, "practice_folder")
                                             ? event_text (event, "practice_folder")
                                             : NULL);
  folding_json (&state->sources, (json_t *)event_json (event, "sources"));
  folding_json (&state->settings, (json_t *)event_json (event, "settings"));
  runner_apply (state, event);
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
  Moment *const moments[] = { &step->began, &step->phase_began, &step->proven_since,
                              step->declined.boot_us ? &step->declined : NULL,
                              step->offered.boot_us ? &step->offered : NULL };
  for (guint i = 0; i < G_N_ELEMENTS (moments); i++)
    if (moments[i])
      moments[i]->boot_us = folding_later (moments[i]->boot_us, shift_us);
  if (step->deadline_us)
    step->deadline_us =
        folding_later (step->deadline_us, MAX (shift_us, now.boot_us - last.boot_us));
}

static gboolean
resumed_apply (RunState *state, const Event *event, GError **error)
{
  if (!state_is_unfinished (state))
    return folding_story_error (error, event, "the end of the run");
  StepState *step = state_current (state);
  gboolean same_boot = g_strcmp0 (state->boot, event_text (event, "boot")) == 0;
  if (step && !same_boot)
    step_across_boots (step, state->last, event->at);
  if (step && step->phase == PHASE_PROVING)
    folding_enter (step, step->origin, event);
  if (step)
    step->declined = (Moment){ 0, 0 };
  /* What does not hold is seen anew before it can be gone on without. */
  for (guint i = 0; step && i < step->verdicts->len; i++)
    folding_text (&((StateVerdict *)step->verdicts->pdata[i])->accept, NULL);
  for (guint i = 0; i < state->viewers->len; i++)
    ((ViewerState *)state->viewers->pdata[i])->here = FALSE;
  g_clear_pointer (&state->question, question_free);
  folding_text (&state->stopped_why, NULL);
  state->phase = RUN_GOING;
  state->held = FALSE;
  state->refused = FALSE;
  state->final = FALSE;
  state->stop_said = FALSE;
  state->controls = 0;
  state->acted_us = event->at.boot_us;
  state->review_due = state->current > 0;
  g_clear_pointer (&state->broken, json_decref);
  state->resumes++;
  runner_apply (state, event);
  return TRUE;
}

static gboolean
ended_apply (RunState *state, const Event *event, GError **error)
{
  if (!state_is_unfinished (state))
    return folding_story_error (error, event, "the end of the run");
  if (event->type == EVENT_RUN_FINISHED && state_current (state))
    return folding_story_error (error, event, "a step that is not over");
  g_clear_pointer (&state->question, question_free);
  if (event->type == EVENT_RUN_FINISHED)
    state->phase = RUN_FINISHED;
  else if (event->type == EVENT_RUN_ABANDONED)
    state->phase = RUN_ABANDONED;
  else {
    state->phase = RUN_STOPPED;
    state->held = event_flag (event, "held");
    state->refused = event_flag (event, "refused");
    state->final = event_flag (event, "final");
  }
  state->stop_said = FALSE;
  folding_text (&state->stopped_why, event_text (event, "why"));
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
      return folding_story_error (error, event, "here: there is no such viewer");
    state->controls = (guint)number;
  } else if (event->type == EVENT_VIEWER_LEFT) {
    if (!viewer)
      return folding_story_error (error, event, "here: there is no such viewer");
    viewer->here = FALSE;
    if (state->controls == viewer->viewer)
      state->controls = 0;
  } else {
    if (viewer)
      return folding_story_error (error, event, "here: that viewer has come already");
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
    return folding_story_error (error, event, "here: its ledger is not one");
  folding_text (&state->adopted_from, event_text (event, "run"));
  state->adoption_settled = TRUE;
  state->adoption_agreed = FALSE;
  return TRUE;
}

static gboolean
reviewed_apply (RunState *state, const Event *event, GError **error)
{
  if (!state->review_due)
    return folding_story_error (error, event, "here: no review is due");
  state->review_due = FALSE;
  const json_t *broken = event_json (event, "broken");
  folding_json (&state->broken, json_array_size (broken) ? (json_t *)broken : NULL);
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
  [EVENT_WITHDRAWN] = withdrawn_apply, [EVENT_REVIEWED] = reviewed_apply,
  [EVENT_ANSWERED] = answered_apply,   [EVENT_NOTE] = note_apply,
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
    return folding_story_error (error, event, "nothing: a run begins with run-began");
  if (state->number && state->phase != RUN_GOING && !may_follow_the_end (event->type))
    return folding_story_error (error, event, "the end of the run");
  gboolean (*apply) (RunState *, const Event *, GError **) =
      appliers[event->type] ? appliers[event->type] : folding_step;
  if (!apply (state, event, error))
    return FALSE;
  state->number++;
  state->last = event->at;
  return TRUE;
}
