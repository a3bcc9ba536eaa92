/* The events that the runner tells of, as next.h has them. */
#include <string.h>

#include "core/run/acceptance.h"
#include "core/run/next.h"
#include "core/run/question.h"

Event *
next_command_event (const Next *next, gint64 pid, gint64 group, gint64 start,
                    const char *boot_id, const char *output)
{
  json_t *argv = json_array ();
  for (guint i = 0; next->command->argv[i]; i++)
    json_array_append_new (argv, json_string (next->command->argv[i]));
  json_t *data = json_pack (
      "{s:s, s:s, s:I, s:I, s:o, s:I, s:I, s:I, s:s, s:s}", "step", next->step, "purpose",
      purpose_name (next->purpose), "index", (json_int_t)next->index, "count",
      (json_int_t)next->count, "argv", argv, "pid", (json_int_t)pid, "group",
      (json_int_t)group, "start", (json_int_t)start, "boot", boot_id, "output", output);
  if (next->command->directory)
    json_object_set_new (data, "directory", json_string (next->command->directory));
  return event_new (EVENT_COMMAND_BEGAN, data);
}

Event *
next_command_end (const StepState *step, int status, int signal, const char *problem,
                  gint64 took_us)
{
  json_t *data = json_pack ("{s:s, s:i, s:i, s:I}", "step", step->id, "status", status,
                            "signal", signal, "took_us", (json_int_t)took_us);
  if (problem)
    json_object_set_new (data, "problem", json_string (problem));
  return event_new (EVENT_COMMAND_ENDED, data);
}

Event *
next_answered (const RunState *state, const char *answer, const char *argument,
               guint viewer, gint64 uid, const char *user)
{
  const Question *question = state->question;
  const StepState *step = state_current (state);
  json_t *data =
      json_pack ("{s:I, s:s, s:s, s:s, s:s, s:I, s:I, s:s}", "question",
                 (json_int_t)(question ? question->number : 0), "kind",
                 question ? question_kind_name (question->kind) : "waiting", "step",
                 question ? question->step : (step ? step->id : ""), "digest",
                 question ? question->digest : "", "answer", answer, "viewer",
                 (json_int_t)viewer, "uid", (json_int_t)uid, "user", user);
  if (argument)
    json_object_set_new (data, "text", json_string (argument));
  const StateVerdict *accepted = strcmp (answer, "accept") == 0 && argument
                                     ? acceptance_find (state, argument)
                                     : NULL;
  if (accepted)
    json_object_set_new (data, "accept", json_string (accepted->accept));
  return event_new (EVENT_ANSWERED, data);
}

static json_t *
sources_json (const Runbook *runbook)
{
  json_t *sources = json_array ();
  for (guint i = 0; i < runbook->sources->len; i++) {
    const RunbookSource *source = runbook->sources->pdata[i];
    json_array_append_new (sources, json_pack ("{s:s, s:s}", "name", source->name,
                                               "digest", source->digest));
  }
  return sources;
}

static json_t *
steps_json (const Runbook *runbook)
{
  json_t *steps = json_array ();
  for (guint i = 0; i < runbook->steps->len; i++) {
    const Step *step = runbook->steps->pdata[i];
    json_array_append_new (
        steps, json_pack ("{s:s, s:s}", "id", step->id, "title", step->title));
  }
  return steps;
}

static json_t *
settings_json (GHashTable *settings)
{
  json_t *object = json_object ();
  GHashTableIter iter;
  gpointer name, value;
  if (settings) {
    g_hash_table_iter_init (&iter, settings);
    while (g_hash_table_iter_next (&iter, &name, &value))
      json_object_set_new (object, name, json_string (value));
  }
  return object;
}

json_t *
next_run_began (const Procedure *procedure, const char *name, GHashTable *settings,
                const char *program, const char *host, const char *user, gint64 uid,
                gint64 pid, const char *boot_id)
{
  const Runbook *runbook = procedure->runbook;
  const Site *site = procedure->site;
  const RunbookSource *source = runbook->sources->pdata[0];
  json_t *written =
      json_pack ("{s:s, s:s, s:s, s:s}", "name", runbook->name, "title", runbook->title,
                 "file", source->name, "digest", source->digest);
  json_t *where = json_pack ("{s:s, s:s, s:s, s:s, s:b}", "name", site->name, "file",
                             site->file, "digest", site->digest, "platform",
                             site_platform (site), "production", site->production);
  json_t *data = json_pack (
      "{s:i, s:s, s:s, s:o, s:o, s:o, s:o, s:b, s:s, s:I, s:s, s:I, s:s, s:o}", "format",
      1, "program", program, "run", name, "runbook", written, "sources",
      sources_json (runbook), "site", where, "settings", settings_json (settings),
      "practice", procedure->practice, "host", host, "uid", (json_int_t)uid, "user", user,
      "pid", (json_int_t)pid, "boot", boot_id, "steps", steps_json (runbook));
  if (procedure->practice) {
    json_object_set_new (data, "speed", json_integer (procedure->speed));
    json_object_set_new (data, "practice_folder",
                         json_string (procedure->practice_folder));
  }
  if (procedure->after)
    json_object_set_new (data, "after", json_string (procedure->after));
  if (procedure->from)
    json_object_set_new (data, "from", json_string (procedure->from));
  return data;
}

static const char *
digest_before (const RunState *state, const char *name)
{
  for (size_t i = 0; i < json_array_size (state->sources); i++) {
    const json_t *source = json_array_get (state->sources, i);
    if (g_strcmp0 (json_string_value (json_object_get (source, "name")), name) == 0)
      return json_string_value (json_object_get (source, "digest"));
  }
  return NULL;
}

GPtrArray *
next_differences (const Procedure *procedure, const RunState *state)
{
  GPtrArray *differences = g_ptr_array_new_with_free_func (g_free);
  const GPtrArray *sources = procedure->runbook->sources;
  for (guint i = 0; i < sources->len; i++) {
    const RunbookSource *source = sources->pdata[i];
    const char *before = digest_before (state, source->name);
    if (!before)
      g_ptr_array_add (differences,
                       g_strdup_printf ("%s was not part of the runbook", source->name));
    else if (strcmp (before, source->digest) != 0)
      g_ptr_array_add (differences, g_strdup_printf ("%s has changed", source->name));
  }
  if (json_array_size (state->sources) > sources->len)
    g_ptr_array_add (differences, g_strdup ("the runbook includes fewer files"));
  if (g_strcmp0 (procedure->site->digest, state->site_digest) != 0)
    g_ptr_array_add (differences, g_strdup_printf ("the site file %s has changed",
                                                   procedure->site->file));
  gboolean same_steps = procedure->runbook->steps->len == state->steps->len;
  for (guint i = 0; same_steps && i < state->steps->len; i++)
    same_steps = strcmp (((const Step *)procedure->runbook->steps->pdata[i])->id,
                         ((const StepState *)state->steps->pdata[i])->id) == 0;
  if (!same_steps)
    g_ptr_array_add (differences,
                     g_strdup ("its steps are not the same ones in the same order"));
  return differences;
}
