/* What a run was: how far it came, how it ended, and whether the safe course was kept. */
#include <string.h>

#include "core/debrief/debrief_parts.h"

/* How safety rules begin what they say; the debrief says so itself. */
#define REFUSED "refused: "

const char *
debrief_course_name (DebriefCourse course)
{
  static const char *const names[] = { "nothing-done", "kept-so-far", "kept", "left" };
  return names[course];
}

const char *
debrief_refusal_words (const char *why)
{
  return g_str_has_prefix (why, REFUSED) ? why + strlen (REFUSED) : why;
}

/* ---- how far it came ---------------------------------------------------------------- */

/* Somebody did by hand what is not the run's to do. */
static gboolean
was_instructed (const Debrief *debrief)
{
  for (guint i = 0; i < debrief->questions->len; i++) {
    const DebriefQuestion *question = g_ptr_array_index (debrief->questions, i);
    if (g_strcmp0 (question->answer, "text") == 0 &&
        json_object_get (question->details, "instruction"))
      return TRUE;
  }
  return FALSE;
}

static DebriefProgress
progress_of (const Debrief *debrief)
{
  guint counts[DEBRIEF_STEP_NOT_NEEDED + 1] = { 0 };
  for (guint i = 0; i < debrief->steps->len; i++)
    counts[((const DebriefStep *)g_ptr_array_index (debrief->steps, i))->how]++;
  return (DebriefProgress){
    .steps = debrief->steps->len,
    .done = counts[DEBRIEF_STEP_DONE],
    .skipped = counts[DEBRIEF_STEP_SKIPPED],
    .left_out = counts[DEBRIEF_STEP_NOT_NEEDED],
    .changed = debrief->state->commands_begun > 0 || was_instructed (debrief),
  };
}

/* A run that has only been looked at by its rules and questions has kept no course. */
static DebriefCourse
course_of (const Debrief *debrief)
{
  const DebriefFinding *gravest =
      debrief->findings->len ? g_ptr_array_index (debrief->findings, 0) : NULL;
  if (gravest && gravest->severity != DEBRIEF_REMARK)
    return DEBRIEF_COURSE_LEFT;
  if (debrief->state->phase == RUN_FINISHED)
    return DEBRIEF_COURSE_KEPT;
  return debrief->progress.changed ? DEBRIEF_COURSE_PART : DEBRIEF_COURSE_NOTHING;
}

void
debrief_take_runner (Debrief *debrief, gboolean holds)
{
  debrief->parts->runner = holds ? DEBRIEF_RUNNER_HOLDS : DEBRIEF_RUNNER_GONE;
}

void
debrief_course_finish (Debrief *debrief)
{
  debrief->progress = progress_of (debrief);
  debrief->course = course_of (debrief);
}

char *
debrief_progress_words (const Debrief *debrief)
{
  const DebriefProgress *progress = &debrief->progress;
  g_autoptr (GString) words = g_string_new (NULL);
  g_string_append_printf (words, "%u of %u step%s", progress->done, progress->steps,
                          progress->steps == 1 ? "" : "s");
  if (progress->skipped > 0)
    g_string_append_printf (words, ", %u skipped", progress->skipped);
  if (progress->left_out > 0)
    g_string_append_printf (words, ", %u left out", progress->left_out);
  if (!progress->changed)
    g_string_append (words, ", nothing was changed");
  return g_string_free (g_steal_pointer (&words), FALSE);
}

/* ---- how it ended ------------------------------------------------------------------- */

/* The answer that ended it, if one did. */
static const DebriefQuestion *
stopped_by (const Debrief *debrief)
{
  const GPtrArray *questions = debrief->questions;
  const DebriefQuestion *last =
      questions->len ? g_ptr_array_index (questions, questions->len - 1) : NULL;
  return last && g_strcmp0 (last->answer, "stop") == 0 ? last : NULL;
}

/* "stopped by ada, after stop-web had failed: …"; newly allocated. */
static char *
stopped_words (const DebriefQuestion *stop)
{
  const char *who = stop->user ? stop->user : "the operator";
  const char *reason = json_string_value (json_object_get (stop->details, "reason"));
  if (strcmp (stop->kind, "failed") == 0)
    return g_strdup_printf ("stopped by %s, after %s had failed: %s", who, stop->step,
                            reason ? reason : "no reason is given");
  if (strcmp (stop->kind, "waiting") == 0 && stop->unmet)
    return g_strdup_printf ("stopped by %s in %s, while this was waited for: %s", who,
                            stop->step, stop->unmet);
  if (strcmp (stop->kind, "waiting") == 0)
    return g_strdup_printf ("stopped by %s in %s", who, stop->step);
  return g_strdup_printf ("stopped by %s at a question of %s", who, stop->step);
}

static const char *
unended_words (DebriefRunner runner)
{
  switch (runner) {
  case DEBRIEF_RUNNER_HOLDS:
    return "not over: its runner still holds it";
  case DEBRIEF_RUNNER_GONE:
    return "not over: its runner has died";
  default:
    return "not over: its runner still holds it, or has died";
  }
}

static char *
end_words (const Debrief *debrief)
{
  const RunState *state = debrief->state;
  const DebriefQuestion *stop = stopped_by (debrief);
  const char *why = state->stopped_why ? state->stopped_why : "no reason is given";
  switch (state->phase) {
  case RUN_FINISHED:
    return g_strdup ("finished");
  case RUN_ABANDONED:
    return g_strdup_printf ("given up: %s", why);
  case RUN_STOPPED:
    if (state->refused)
      return g_strdup_printf ("refused by a safety rule: %s",
                              debrief_refusal_words (why));
    return stop ? stopped_words (stop) : g_strdup_printf ("stopped, unfinished: %s", why);
  default:
    return g_strdup (unended_words (debrief->parts->runner));
  }
}

static gboolean
deployment_ended (const Debrief *debrief)
{
  for (guint i = 0; i < debrief->happenings->len; i++) {
    const DebriefHappening *happening = g_ptr_array_index (debrief->happenings, i);
    if (strcmp (happening->event, DEBRIEF_WORLD_ENDED) == 0)
      return TRUE;
  }
  return FALSE;
}

char *
debrief_outcome (const Debrief *debrief)
{
  g_autofree char *end = end_words (debrief);
  return deployment_ended (debrief)
             ? g_strconcat (end, " (the deployment had ended before that)", NULL)
             : g_steal_pointer (&end);
}
