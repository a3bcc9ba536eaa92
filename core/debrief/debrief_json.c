/* The debrief as JSON. The man page describes it: names are stable. */
#include <math.h>

#include "core/base/quantity.h"
#include "core/debrief/debrief_parts.h"

#define FORMAT 1

/* Queues beside the total: as many are worth looking at. */
#define QUEUES_MAX 5

static json_t *
seconds (gint64 us)
{
  return json_real (quantity_round ((double)us / G_USEC_PER_SEC));
}

static json_t *
text_or_null (const char *text)
{
  return text ? json_string (text) : json_null ();
}

static json_t *
count_or_null (gint64 count)
{
  return count < 0 ? json_null () : json_integer (count);
}

/* "NAME_s": procedure time since the run began; "NAME": wall time, where it is known. */
static void
set_time (json_t *object, const char *name, DebriefTime time)
{
  g_autofree char *name_s = g_strconcat (name, "_s", NULL);
  g_autofree char *wall = time.wall_us > 0 ? moment_format_wall (time.wall_us) : NULL;
  json_object_set_new (object, name_s, seconds (time.at_us));
  json_object_set_new (object, name, text_or_null (wall));
}

static json_t *
step_json (const void *row)
{
  const DebriefStep *step = row;
  json_t *json =
      json_pack ("{s:s, s:s, s:s, s:o, s:i}", "step", step->id, "title", step->title,
                 "end", debrief_step_end_name (step->how), "reason",
                 text_or_null (step->reason), "failures", (int)step->failures);
  if (step->how != DEBRIEF_STEP_PENDING)
    set_time (json, "began", step->began);
  if (step->how != DEBRIEF_STEP_PENDING && step->how != DEBRIEF_STEP_OPEN)
    set_time (json, "ended", step->ended);
  return json;
}

static json_t *
question_json (const void *row)
{
  const DebriefQuestion *question = row;
  json_t *json = json_pack (
      "{s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "question",
      question->number ? json_integer (question->number) : json_null (), "kind",
      question->kind, "step", question->step, "text", text_or_null (question->text),
      "answer", text_or_null (question->answer), "said", text_or_null (question->said),
      "accepted", text_or_null (question->accept), "user", text_or_null (question->user),
      "unmet", text_or_null (question->unmet), "took_s",
      question->took_us < 0 ? json_null () : seconds (question->took_us));
  set_time (json, "asked", question->asked);
  return json;
}

static json_t *
note_json (const void *row)
{
  const DebriefRemark *note = row;
  json_t *json = json_pack ("{s:o, s:s, s:o}", "step", text_or_null (note->step), "text",
                            note->text, "user", text_or_null (note->user));
  set_time (json, "at", note->at);
  return json;
}

static json_t *
happening_json (const void *row)
{
  const DebriefHappening *happening = row;
  json_t *json =
      json_pack ("{s:s, s:o, s:o, s:o}", "event", happening->event, "name",
                 text_or_null (happening->name), "jobs", count_or_null (happening->count),
                 "story", text_or_null (happening->story));
  set_time (json, "at", happening->at);
  return json;
}

static json_t *
finding_json (const void *row)
{
  const DebriefFinding *finding = row;
  json_t *json = json_pack ("{s:s, s:s, s:o, s:s, s:s, s:s}", "rule", finding->rule,
                            "severity", debrief_severity_name (finding->severity), "step",
                            text_or_null (finding->step), "done", finding->done, "why",
                            finding->why, "careful", finding->careful);
  set_time (json, "at", finding->at);
  return json;
}

static json_t *
curve_json (const DebriefCurve *curve, guint width)
{
  json_t *values = json_array ();
  for (guint i = 0; i < width; i++)
    json_array_append_new (values, isnan (curve->values[i])
                                       ? json_null ()
                                       : json_real (quantity_round (curve->values[i])));
  return json_pack ("{s:o, s:f, s:f, s:o}", "name", text_or_null (curve->name), "most",
                    curve->most, "last", curve->last, "values", values);
}

static json_t *
queues_json (const Debrief *debrief, guint width)
{
  g_autoptr (GPtrArray) curves = debrief_curves (debrief, QUEUES_MAX, width);
  if (curves->len == 0)
    return json_null ();
  json_t *each = json_array ();
  for (guint i = 1; i < curves->len; i++)
    json_array_append_new (each, curve_json (curves->pdata[i], width));
  return json_pack ("{s:o, s:o, s:o}", "every_s", seconds (debrief->end.at_us / width),
                    "total", curve_json (curves->pdata[0], width), "each", each);
}

static json_t *
jobs_json (const DebriefJobs *jobs)
{
  json_t *json = json_pack (
      "{s:o, s:o, s:o, s:o, s:o, s:o}", "arrived", count_or_null (jobs->arrived), "done",
      count_or_null (jobs->done), "queued", count_or_null (jobs->queued), "in_work",
      count_or_null (jobs->in_work), "handed_back", count_or_null (jobs->handed_back),
      "lost", count_or_null (jobs->lost));
  if (jobs->counted.wall_us > 0)
    set_time (json, "counted", jobs->counted);
  return json;
}

static json_t *
progress_json (const DebriefProgress *progress)
{
  return json_pack ("{s:i, s:i, s:i, s:i, s:b}", "steps", (int)progress->steps, "done",
                    (int)progress->done, "skipped", (int)progress->skipped, "left_out",
                    (int)progress->left_out, "changed", progress->changed);
}

/* Neither is so of a run that did nothing. */
static json_t *
safe_json (DebriefCourse course)
{
  return course == DEBRIEF_COURSE_NOTHING ? json_null ()
                                          : json_boolean (course != DEBRIEF_COURSE_LEFT);
}

static json_t *
careful_json (const Debrief *debrief)
{
  json_t *sentences = json_array ();
  for (guint i = 0; debrief->careful[i]; i++)
    json_array_append_new (sentences, json_string (debrief->careful[i]));
  return sentences;
}

static json_t *
list_json (const GPtrArray *rows, json_t *(*one) (const void *row))
{
  json_t *list = json_array ();
  for (guint i = 0; i < rows->len; i++)
    json_array_append_new (list, one (rows->pdata[i]));
  return list;
}

json_t *
debrief_to_json (const Debrief *debrief, guint width)
{
  const RunState *state = debrief->state;
  g_autofree char *outcome = debrief_outcome (debrief);
  json_t *json = json_pack (
      "{s:i, s:o, s:o, s:o, s:o, s:b, s:I, s:s, s:s}", "debrief", FORMAT, "run",
      text_or_null (state->name), "runbook", text_or_null (state->runbook), "title",
      text_or_null (state->title), "site", text_or_null (state->site), "practice",
      state->practice, "speed", (json_int_t)debrief->speed, "state",
      run_phase_name (state->phase), "outcome", outcome);
  set_time (json, "began",
            (DebriefTime){ 0, debrief->end.wall_us ? state->began.wall_us : 0 });
  set_time (json, "ended", debrief->end);
  json_object_set_new (json, "progress", progress_json (&debrief->progress));
  json_object_set_new (json, "course",
                       json_string (debrief_course_name (debrief->course)));
  json_object_set_new (json, "safe", safe_json (debrief->course));
  json_object_set_new (json, "findings", list_json (debrief->findings, finding_json));
  json_object_set_new (json, "steps", list_json (debrief->steps, step_json));
  json_object_set_new (json, "queues",
                       width ? queues_json (debrief, width) : json_null ());
  json_object_set_new (json, "questions", list_json (debrief->questions, question_json));
  json_object_set_new (json, "notes", list_json (debrief->notes, note_json));
  json_object_set_new (json, "told", list_json (debrief->happenings, happening_json));
  json_object_set_new (json, "jobs", jobs_json (&debrief->jobs));
  json_object_set_new (json, "careful", careful_json (debrief));
  return json;
}
