/* What each event adds to a debrief. */
#include <string.h>

#include "core/checks/checks.h"
#include "core/debrief/debrief_parts.h"

/* As fast as practice goes; what is more is no speed. */
#define SPEED_MAX 1000

/* Only the wall clock tells how long a machine was down. */
static void
add_tick (Debrief *debrief, const Event *event, gboolean other_boot)
{
  DebriefParts *parts = debrief->parts;
  DebriefTick tick = { event->at.wall_us, 0 };
  if (parts->ticks->len > 0) {
    const DebriefTick *last =
        &g_array_index (parts->ticks, DebriefTick, parts->ticks->len - 1);
    gint64 passed_us = other_boot ? event->at.wall_us - last->wall_us
                                  : event->at.boot_us - parts->boot_us;
    tick.machine_us = last->machine_us + MAX (passed_us, 0);
  }
  parts->boot_us = event->at.boot_us;
  g_array_append_val (parts->ticks, tick);
  debrief->end = (DebriefTime){ tick.machine_us * debrief->speed, tick.wall_us };
}

/* ---- events: the steps ------------------------------------------------------------ */

static DebriefStep *
step_of (const Debrief *debrief, const Event *event)
{
  return g_hash_table_lookup (debrief->parts->steps, event_text (event, "step"));
}

static void
replace (char **text, const char *with)
{
  char *copy = with && *with ? g_strdup (with) : NULL;
  g_free (*text);
  *text = copy;
}

static void
take_run_began (Debrief *debrief, const Event *event)
{
  debrief->speed = CLAMP (event_number (event, "speed"), 1, SPEED_MAX);
  for (guint i = 0; i < debrief->state->steps->len; i++) {
    const StepState *state = g_ptr_array_index (debrief->state->steps, i);
    DebriefStep *step = g_new0 (DebriefStep, 1);
    step->id = g_strdup (state->id);
    step->title = g_strdup (state->title);
    g_ptr_array_add (debrief->steps, step);
    g_hash_table_insert (debrief->parts->steps, step->id, step);
  }
}

static void
take_step_began (Debrief *debrief, const Event *event)
{
  DebriefStep *step = step_of (debrief, event);
  step->how = DEBRIEF_STEP_OPEN;
  step->began = debrief->end;
  replace (&step->title, event_text (event, "title"));
  debrief->parts->waiting = debrief->end;
  debrief->parts->verdicts = 0;
}

static void
end_step (Debrief *debrief, const Event *event, DebriefStepEnd how, const char *reason)
{
  DebriefStep *step = step_of (debrief, event);
  if (!step)
    return;
  if (step->how == DEBRIEF_STEP_PENDING)
    step->began = debrief->end;
  step->how = how;
  step->ended = debrief->end;
  replace (&step->reason, reason);
}

static void
take_step_skipped (Debrief *debrief, const Event *event)
{
  end_step (debrief, event, DEBRIEF_STEP_NOT_NEEDED, event_text (event, "reason"));
}

static void
take_step_done (Debrief *debrief, const Event *event)
{
  end_step (debrief, event, DEBRIEF_STEP_DONE, NULL);
}

static void
take_step_failed (Debrief *debrief, const Event *event)
{
  DebriefStep *step = step_of (debrief, event);
  step->failures++;
  replace (&step->reason, event_text (event, "reason"));
}

static void
take_verdict (Debrief *debrief, const Event *event)
{
  Verdict verdict = VERDICT_UNKNOWN;
  verdict_from_name (event_text (event, "verdict"), &verdict);
  debrief->parts->verdicts += verdict != VERDICT_UNKNOWN;
  DebriefSaid *said = &debrief->parts->said;
  const char *text = event_text (event, "text");
  if (verdict == VERDICT_UNKNOWN || verdict == VERDICT_STALE ||
      !g_str_has_prefix (text, CHECK_QUEUES_SAYS))
    return;
  said->at_us = debrief->end.at_us;
  said->holds = verdict == VERDICT_HOLDS;
  replace (&said->step, event_text (event, "step"));
  replace (&said->text, text);
}

static void
add_change (Debrief *debrief, const char *service)
{
  DebriefChange *change = g_new0 (DebriefChange, 1);
  change->at_us = debrief->end.at_us;
  change->service = g_strdup (service);
  g_ptr_array_add (debrief->parts->changes, change);
}

/* A plan names what it changes by what it aims at, or at least by how that was before. */
static void
add_changes (Debrief *debrief, const json_t *planned, const StepState *step)
{
  const json_t *prior = step ? json_object_get (step->action, "prior") : NULL;
  const json_t *named = json_object_size (planned) > 0 ? planned : prior;
  const char *service;
  json_t *value;
  json_object_foreach ((json_t *)named, service, value)
  {
    add_change (debrief, service);
  }
}

static void
take_action_ended (Debrief *debrief, const Event *event)
{
  add_changes (debrief, event_json (event, "planned"),
               state_step (debrief->state, event_text (event, "step")));
  const char *service;
  json_t *count;
  json_object_foreach ((json_t *)event_json (event, "planned"), service, count)
      g_hash_table_insert (debrief->parts->counts, g_strdup (service),
                           GINT_TO_POINTER ((int)json_integer_value (count)));
}

/* ---- events: questions and answers ------------------------------------------------- */

/* A quieted service is planned as its workers' names. */
static void
learn_workers (Debrief *debrief, const Event *event)
{
  const char *service;
  json_t *prior;
  json_object_foreach ((json_t *)event_json (event, "prior"), service, prior)
  {
    if (json_is_array (prior))
      g_hash_table_add (debrief->parts->workers, g_strdup (service));
  }
}

/* What the question shows beside itself, and is neither true nor what somebody goes on
 * without. */
static guint
count_untrue (const json_t *holds)
{
  guint count = 0;
  for (gsize i = 0; i < json_array_size (holds); i++) {
    const char *name =
        json_string_value (json_object_get (json_array_get (holds, i), "verdict"));
    Verdict verdict = VERDICT_UNKNOWN;
    count += !name || !verdict_from_name (name, &verdict) ||
             (verdict != VERDICT_HOLDS && verdict != VERDICT_ACCEPTED);
  }
  return count;
}

/* A check of the step at hand is kept up: what it said last is so when it is asked. */
static void
note_queues (const Debrief *debrief, DebriefQuestion *question)
{
  const DebriefSaid *said = &debrief->parts->said;
  gboolean now = g_strcmp0 (said->step, question->step) == 0;
  question->fine_us = !said->holds ? G_MININT64
                      : now        ? MAX (question->asked.at_us, said->at_us)
                                   : said->at_us;
  question->queues = said->holds ? NULL : g_strdup (said->text);
}

static DebriefQuestion *
question_new (const Debrief *debrief, const Event *event, DebriefTime asked)
{
  DebriefQuestion *question = g_new0 (DebriefQuestion, 1);
  question->number = (guint)event_number (event, "question");
  question->kind = g_strdup (event_text (event, "kind"));
  question->step = g_strdup (event_text (event, "step"));
  question->asked = asked;
  question->took_us = -1;
  note_queues (debrief, question);
  g_ptr_array_add (debrief->questions, question);
  return question;
}

static void
take_asked (Debrief *debrief, const Event *event)
{
  DebriefQuestion *question = question_new (debrief, event, debrief->end);
  purpose_from_name (event_text (event, "purpose"), &question->purpose);
  question->text = g_strdup (event_text (event, "text"));
  question->details = json_incref (event->data);
  question->untrue = count_untrue (event_json (event, "holds"));
  debrief->parts->standing = question;
  learn_workers (debrief, event);
}

static void
settle (Debrief *debrief, DebriefQuestion *question, const char *answer, const char *said)
{
  question->took_us = (debrief->end.at_us - question->asked.at_us) / debrief->speed;
  replace (&question->answer, answer);
  replace (&question->said, said);
  debrief->parts->standing = NULL;
  debrief->parts->waiting = debrief->end;
}

static void
take_withdrawn (Debrief *debrief, const Event *event)
{
  if (debrief->parts->standing)
    settle (debrief, debrief->parts->standing, "withdrawn", event_text (event, "why"));
}

static void
take_run_resumed (Debrief *debrief, const Event *event)
{
  (void)event;
  if (debrief->parts->standing)
    settle (debrief, debrief->parts->standing, "withdrawn", "the run was resumed");
  debrief->parts->waiting = debrief->end;
}

static void
take_answered (Debrief *debrief, const Event *event)
{
  DebriefParts *parts = debrief->parts;
  DebriefQuestion *question =
      parts->standing ? parts->standing : question_new (debrief, event, parts->waiting);
  const char *answer = event_text (event, "answer");
  settle (debrief, question, answer, event_text (event, "text"));
  replace (&question->accept, event_text (event, "accept"));
  replace (&question->user, event_text (event, "user"));
  question->verdicts = parts->verdicts;
  if (strcmp (answer, "skip") == 0 && strcmp (question->kind, "adopt") != 0)
    end_step (debrief, event, DEBRIEF_STEP_SKIPPED, event_text (event, "text"));
}

/* What of the step's checks does not hold, as it stands before an answer changes it; for a
 * word, only the check that it goes on without. Newly allocated, or NULL. */
static char *
unmet_at (const RunState *state, const Event *event)
{
  const StepState *step = state_current (state);
  const char *word = event_text (event, "accept");
  GString *words = g_string_new (NULL);
  for (guint i = 0; step && i < step->verdicts->len; i++) {
    const StateVerdict *verdict = g_ptr_array_index (step->verdicts, i);
    gboolean meant = !*word || g_strcmp0 (verdict->accept, word) == 0;
    gboolean unmet =
        verdict->verdict != VERDICT_UNKNOWN && !verdict_passes (verdict->verdict);
    if (meant && unmet && verdict->text)
      g_string_append_printf (words, "%s%s", words->len ? "; " : "", verdict->text);
  }
  return g_string_free (words, words->len == 0);
}

/* ---- events: what people and rules said ---------------------------------------------- */

static void
add_remark (const Debrief *debrief, GPtrArray *remarks, const char *step,
            const char *text, const char *user)
{
  DebriefRemark *remark = g_new0 (DebriefRemark, 1);
  remark->at = debrief->end;
  replace (&remark->step, step);
  remark->text = g_strdup (text);
  replace (&remark->user, user);
  g_ptr_array_add (remarks, remark);
}

static void
take_note (Debrief *debrief, const Event *event)
{
  add_remark (debrief, debrief->notes, event_text (event, "step"),
              event_text (event, "text"), event_text (event, "user"));
}

static void
take_refused (Debrief *debrief, const Event *event)
{
  add_remark (debrief, debrief->refusals, event_text (event, "step"),
              event_text (event, "why"), NULL);
}

/* Refused before anything was done: there may be no step yet. */
static void
take_run_stopped (Debrief *debrief, const Event *event)
{
  const StepState *step = state_current (debrief->state);
  if (event_flag (event, "refused"))
    add_remark (debrief, debrief->refusals, step ? step->id : NULL,
                debrief_refusal_words (event_text (event, "why")), NULL);
}

static void (*const takes[EVENT_TYPES]) (Debrief *debrief, const Event *event) = {
  [EVENT_RUN_BEGAN] = take_run_began,
  [EVENT_RUN_RESUMED] = take_run_resumed,
  [EVENT_RUN_STOPPED] = take_run_stopped,
  [EVENT_STEP_BEGAN] = take_step_began,
  [EVENT_STEP_SKIPPED] = take_step_skipped,
  [EVENT_STEP_DONE] = take_step_done,
  [EVENT_STEP_FAILED] = take_step_failed,
  [EVENT_VERDICT] = take_verdict,
  [EVENT_ASKED] = take_asked,
  [EVENT_WITHDRAWN] = take_withdrawn,
  [EVENT_ANSWERED] = take_answered,
  [EVENT_NOTE] = take_note,
  [EVENT_REFUSED] = take_refused,
  [EVENT_ACTION_ENDED] = take_action_ended,
};

gboolean
debrief_take_event (Debrief *debrief, const Event *event, GError **error)
{
  RunState *state = debrief->parts->state;
  g_autofree char *boot = g_strdup (state->boot);
  g_autofree char *unmet = event->type == EVENT_ANSWERED ? unmet_at (state, event) : NULL;
  if (!state_apply (state, event, error))
    return FALSE;
  add_tick (debrief, event, g_strcmp0 (boot, state->boot) != 0);
  if (takes[event->type])
    takes[event->type](debrief, event);
  if (event->type == EVENT_ANSWERED) {
    DebriefQuestion *last =
        g_ptr_array_index (debrief->questions, debrief->questions->len - 1);
    last->unmet = g_steal_pointer (&unmet);
  }
  return TRUE;
}
