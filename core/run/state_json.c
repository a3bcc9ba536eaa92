/* `handrail state RUN --json`: the folded state as one object. */
#include "core/run/acceptance.h"

static void
set_text (json_t *object, const char *member, const char *text)
{
  json_object_set_new (object, member, text ? json_string (text) : json_null ());
}

static void
set_wall (json_t *object, const char *member, Moment moment)
{
  g_autofree char *wall = moment.wall_us ? moment_format_wall (moment.wall_us) : NULL;
  set_text (object, member, wall);
}

static json_t *
verdicts_json (const RunState *state, const StepState *step)
{
  json_t *verdicts = json_array ();
  for (guint i = 0; i < step->verdicts->len; i++) {
    const StateVerdict *verdict = step->verdicts->pdata[i];
    json_t *object =
        json_pack ("{s:s, s:I, s:s, s:s}", "section", verdict->section, "index",
                   (json_int_t)verdict->index, "verdict", verdict_name (verdict->verdict),
                   "text", verdict->text ? verdict->text : "");
    g_autofree char *word =
        verdict->accept ? acceptance_word (state, verdict->accept) : NULL;
    if (word)
      set_text (object, "accept", word);
    json_array_append_new (verdicts, object);
  }
  return verdicts;
}

static json_t *
step_json (const RunState *state, const StepState *step)
{
  json_t *object =
      json_pack ("{s:s, s:s, s:s, s:o}", "id", step->id, "title", step->title, "phase",
                 phase_name (step->phase), "verdicts", verdicts_json (state, step));
  set_text (object, "reason", step->reason);
  set_text (object, "answer", step->answer);
  set_wall (object, "began", step->began);
  set_wall (object, "ended", step->ended);
  if (step->phase == PHASE_PROVING || step->phase == PHASE_ACTING)
    set_text (object, "purpose", purpose_name (step->purpose));
  if (step->phase == PHASE_SKIPPED)
    set_text (object, "skipped_by", step->by_operator ? "operator" : "runbook");
  if (step->offers)
    json_object_set_new (object, "offers", json_integer (step->offers));
  if (step->undone)
    json_object_set_new (object, "undone", json_true ());
  for (guint i = 0; i < step->accepted->len; i++) {
    if (i == 0)
      json_object_set_new (object, "accepted", json_array ());
    json_array_append_new (json_object_get (object, "accepted"),
                           json_string (step->accepted->pdata[i]));
  }
  if (step->command)
    json_object_set (object, "command", step->command);
  return object;
}

static json_t *
question_json (const Question *question)
{
  if (!question)
    return json_null ();
  json_t *object = json_deep_copy (question->details);
  set_wall (object, "asked_at", question->at);
  return object;
}

static json_t *
viewers_json (const RunState *state)
{
  json_t *viewers = json_array ();
  for (guint i = 0; i < state->viewers->len; i++) {
    const ViewerState *viewer = state->viewers->pdata[i];
    if (viewer->here)
      json_array_append_new (viewers,
                             json_pack ("{s:I, s:I, s:s, s:b}", "viewer",
                                        (json_int_t)viewer->viewer, "uid",
                                        (json_int_t)viewer->uid, "user", viewer->user,
                                        "controls", state->controls == viewer->viewer));
  }
  return viewers;
}

json_t *
state_to_json (const RunState *state)
{
  const StepState *current = state_current (state);
  json_t *object = json_object ();
  set_text (object, "run", state->name);
  set_text (object, "runbook", state->runbook);
  set_text (object, "title", state->title);
  set_text (object, "site", state->site);
  set_text (object, "platform", state->platform);
  json_object_set_new (object, "production", json_boolean (state->production));
  json_object_set_new (object, "practice", json_boolean (state->practice));
  if (state->practice)
    json_object_set_new (object, "speed", json_integer (state->speed));
  set_text (object, "phase", run_phase_name (state->phase));
  set_text (object, "stopped_why", state->stopped_why);
  json_object_set_new (object, "held", json_boolean (state->held));
  set_text (object, "step", current ? current->id : NULL);
  json_object_set_new (object, "question", question_json (state->question));
  json_t *steps = json_array ();
  for (guint i = 0; i < state->steps->len; i++)
    json_array_append_new (steps, step_json (state, state->steps->pdata[i]));
  json_object_set_new (object, "steps", steps);
  json_object_set_new (object, "ledger", ledger_to_json (state->ledger));
  json_object_set (object, "proofs", state->proofs);
  set_text (object, "adopted_from", state->adopted_from);
  json_object_set (object, "answers", state->answers);
  json_object_set_new (object, "viewers", viewers_json (state));
  json_t *notes = json_array ();
  for (guint i = 0; i < state->notes->len; i++)
    json_array_append (notes, state->notes->pdata[i]);
  json_object_set_new (object, "notes", notes);
  json_object_set_new (object, "resumes", json_integer (state->resumes));
  json_object_set_new (object, "events", json_integer ((json_int_t)state->number));
  set_text (object, "user", state->user);
  set_text (object, "host", state->host);
  set_wall (object, "began", state->began);
  set_wall (object, "last_event", state->last);
  return object;
}
