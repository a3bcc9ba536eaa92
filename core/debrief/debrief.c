#include "core/debrief/debrief.h"

#include "core/debrief/debrief_parts.h"

const char *
debrief_step_end_name (DebriefStepEnd end)
{
  static const char *const names[] = { "pending", "open", "done", "skipped",
                                       "not-needed" };
  return names[end];
}

const char *
debrief_severity_name (DebriefSeverity severity)
{
  static const char *const names[] = { "remark", "careless", "danger" };
  return names[severity];
}

/* ---- memory ----------------------------------------------------------------------- */

static void
step_free (DebriefStep *step)
{
  g_free (step->id);
  g_free (step->title);
  g_free (step->reason);
  g_free (step);
}

static void
question_free (DebriefQuestion *question)
{
  char *texts[] = { question->kind,   question->step,  question->text,
                    question->answer, question->said,  question->accept,
                    question->user,   question->unmet, question->queues };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  json_decref (question->details);
  g_free (question);
}

static void
remark_free (DebriefRemark *remark)
{
  g_free (remark->step);
  g_free (remark->text);
  g_free (remark->user);
  g_free (remark);
}

static void
happening_free (DebriefHappening *happening)
{
  g_free (happening->event);
  g_free (happening->name);
  g_free (happening->story);
  g_free (happening);
}

static void
finding_free (DebriefFinding *finding)
{
  g_free (finding->step);
  g_free (finding->done);
  g_free (finding);
}

static void
change_free (void *data)
{
  DebriefChange *change = data;
  g_free (change->service);
  g_free (change);
}

static DebriefParts *
parts_new (const DebriefOptions *options)
{
  DebriefParts *parts = g_new0 (DebriefParts, 1);
  parts->state = state_new ();
  parts->workers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  parts->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  parts->steps = g_hash_table_new (g_str_hash, g_str_equal);
  parts->ticks = g_array_new (FALSE, FALSE, sizeof (DebriefTick));
  parts->changes = g_ptr_array_new_with_free_func (change_free);
  debrief_queues_init (&parts->queues);
  parts->world.tallies = g_array_new (FALSE, FALSE, sizeof (DebriefTally));
  parts->world.times = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = 0; options && options->workers && options->workers[i]; i++)
    g_hash_table_add (parts->workers, g_strdup (options->workers[i]));
  return parts;
}

static void
parts_free (DebriefParts *parts)
{
  state_free (parts->state);
  g_hash_table_unref (parts->workers);
  g_hash_table_unref (parts->counts);
  g_hash_table_unref (parts->steps);
  g_array_unref (parts->ticks);
  g_ptr_array_unref (parts->changes);
  g_free (parts->said.step);
  g_free (parts->said.text);
  debrief_queues_clear (&parts->queues);
  g_array_unref (parts->world.tallies);
  g_array_unref (parts->world.times);
  g_free (parts);
}

static GPtrArray *
list_new (void (*free_one) (void *))
{
  return g_ptr_array_new_with_free_func (free_one);
}

Debrief *
debrief_new (const DebriefOptions *options)
{
  Debrief *debrief = g_new0 (Debrief, 1);
  debrief->parts = parts_new (options);
  debrief->state = debrief->parts->state;
  debrief->speed = 1;
  debrief->steps = list_new ((GDestroyNotify)step_free);
  debrief->questions = list_new ((GDestroyNotify)question_free);
  debrief->notes = list_new ((GDestroyNotify)remark_free);
  debrief->refusals = list_new ((GDestroyNotify)remark_free);
  debrief->happenings = list_new ((GDestroyNotify)happening_free);
  debrief->findings = list_new ((GDestroyNotify)finding_free);
  debrief->jobs = (DebriefJobs){ -1, -1, -1, -1, -1, -1, { 0, 0 } };
  debrief->careful = options && options->careful ? g_strdupv ((char **)options->careful)
                                                 : g_new0 (char *, 1);
  return debrief;
}

void
debrief_free (Debrief *debrief)
{
  if (!debrief)
    return;
  g_ptr_array_unref (debrief->steps);
  g_ptr_array_unref (debrief->questions);
  g_ptr_array_unref (debrief->notes);
  g_ptr_array_unref (debrief->refusals);
  g_ptr_array_unref (debrief->happenings);
  g_ptr_array_unref (debrief->findings);
  g_strfreev (debrief->careful);
  parts_free (debrief->parts);
  g_free (debrief);
}

/* ---- time ------------------------------------------------------------------------- */

/* Events are in the order of the machine's time, and nearly always of its wall clock. */
DebriefTime
debrief_time_at_wall (const Debrief *debrief, gint64 wall_us)
{
  const GArray *ticks = debrief->parts->ticks;
  guint low = 0, high = ticks->len;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (g_array_index (ticks, DebriefTick, middle).wall_us <= wall_us)
      low = middle + 1;
    else
      high = middle;
  }
  if (ticks->len == 0)
    return (DebriefTime){ 0, wall_us };
  const DebriefTick *tick = &g_array_index (ticks, DebriefTick, low ? low - 1 : 0);
  gint64 machine_us = tick->machine_us + (wall_us - tick->wall_us);
  return (DebriefTime){ machine_us * debrief->speed, wall_us };
}

const DebriefStep *
debrief_step_at (const Debrief *debrief, gint64 at_us)
{
  const DebriefStep *found = NULL;
  for (guint i = 0; i < debrief->steps->len; i++) {
    const DebriefStep *step = g_ptr_array_index (debrief->steps, i);
    gboolean begun = step->how != DEBRIEF_STEP_PENDING &&
                     step->how != DEBRIEF_STEP_NOT_NEEDED && step->began.at_us <= at_us;
    if (begun)
      found = step;
  }
  return found;
}

/* ---- the end ----------------------------------------------------------------------- */

void
debrief_finish (Debrief *debrief)
{
  debrief_queues_finish (debrief);
  debrief_world_finish (debrief);
  debrief_findings_finish (debrief);
  debrief_course_finish (debrief);
}
