#include <stdlib.h>

#include "core/base/quantity.h"
#include "core/base/text.h"
#include "tui/commands.h"
#include "tui/lines.h"
#include "tui/practice/practice.h"
#include "tui/session.h"

/* "stop-nginx", or "the end". */
static const char *
where_of (const StoreRun *run)
{
  const StepState *step = run->state ? state_current (run->state) : NULL;
  return step ? step->id : run->state ? "the end" : "";
}

static const char *
condition_of (const StoreRun *run)
{
  if (!run->state)
    return "damaged";
  if (run->live && run->state->phase == RUN_GOING)
    return "live";
  /* Nothing of a practice is gone on with once its deployment is gone. */
  if (state_is_unfinished (run->state) &&
      g_strcmp0 (practice_kept_deployment (run), "gone") == 0)
    return "gone";
  if (run->state->phase == RUN_FINISHED)
    return "done";
  return run->state->phase == RUN_ABANDONED ? "abandoned" : "unfinished";
}

/* JSON holds nothing but UTF-8, names of folders and damaged lines anything. */
static json_t *
text_json (const char *bytes)
{
  g_autofree char *text = g_utf8_make_valid (bytes, -1);
  return json_string (text);
}

static json_t *
run_json (const StoreRun *run)
{
  json_t *shown = json_pack ("{so so ss}", "run", text_json (run->name), "folder",
                             text_json (run->path), "condition", condition_of (run));
  if (!run->state) {
    json_object_set_new (shown, "problem", text_json (run->problem));
    return shown;
  }
  g_autofree char *began = moment_format_wall (run->state->began.wall_us);
  const char *deployment = practice_kept_deployment (run);
  json_object_set_new (shown, "practice", json_boolean (run->state->practice));
  json_object_set_new (shown, "deployment",
                       deployment ? json_string (deployment) : json_null ());
  json_object_set_new (shown, "site", json_string (run->state->site));
  json_object_set_new (shown, "runbook", json_string (run->state->runbook));
  json_object_set_new (shown, "step", json_string (where_of (run)));
  json_object_set_new (shown, "began", json_string (began));
  return shown;
}

static void
print_json (const GPtrArray *runs)
{
  json_auto_t *list = json_array ();
  for (guint i = 0; i < runs->len; i++)
    json_array_append_new (list, run_json (g_ptr_array_index (runs, i)));
  char *text = json_dumps (list, JSON_INDENT (2));
  g_autofree char *line = g_strconcat (text, "\n", NULL);
  free (text);
  cli_print (line);
}

#define COLUMNS 6

/* How long ago something last happened in it. */
static char *
last_of (const StoreRun *run, gint64 now_us)
{
  if (!run->state)
    return g_strdup ("");
  gint64 age_us = MAX (now_us - run->state->last.wall_us, 0);
  gint64 unit = age_us >= 2 * G_TIME_SPAN_DAY    ? G_TIME_SPAN_DAY
                : age_us >= 2 * G_TIME_SPAN_HOUR ? G_TIME_SPAN_HOUR
                : age_us >= G_TIME_SPAN_MINUTE   ? G_TIME_SPAN_MINUTE
                                                 : G_TIME_SPAN_SECOND;
  g_autofree char *age =
      age_us < unit ? g_strdup ("0s") : quantity_format_duration (age_us / unit * unit);
  return g_strconcat (age, " ago", NULL);
}

/* "done", "practice, done" */
static char *
condition_words (const StoreRun *run)
{
  gboolean practice = run->state && run->state->practice;
  return g_strconcat (practice ? "practice, " : "", condition_of (run), NULL);
}

/* After a practised shutdown its deployment is still there. */
static void
add_down (GString *out)
{
  g_autoptr (GPtrArray) down = practice_kept_down ();
  for (guint i = 0; i < down->len; i++) {
    const StoreRun *run = g_ptr_array_index (down, i);
    lines_add (out, "= ",
               "the simulated deployment of %s stays down for an hour: handrail "
               "practice " PRACTICE_STARTS_UP
               " starts it up again, handrail practice --end ends it",
               run->name);
  }
}

/* A row's cells, printable. */
static GStrv
cells_of (const StoreRun *run, gint64 now_us)
{
  g_autofree char *last = last_of (run, now_us);
  g_autofree char *condition = condition_words (run);
  const char *raw[COLUMNS] = {
    run->name,
    run->state ? run->state->site : "",
    run->state ? run->state->runbook : "",
    where_of (run),
    condition,
    last,
  };
  GStrv cells = g_new0 (char *, COLUMNS + 1);
  for (guint i = 0; i < COLUMNS; i++)
    cells[i] = text_printable (raw[i], -1);
  return cells;
}

static void
print_table (const GPtrArray *runs)
{
  g_autoptr (GPtrArray) rows =
      g_ptr_array_new_with_free_func ((GDestroyNotify)g_strfreev);
  const char *heads[] = {
    "RUN", "SITE", "RUNBOOK", "AT", "CONDITION", "LAST EVENT", NULL
  };
  g_ptr_array_add (rows, g_strdupv ((char **)heads));
  for (guint i = 0; i < runs->len; i++)
    g_ptr_array_add (rows, cells_of (g_ptr_array_index (runs, i), g_get_real_time ()));
  glong widths[COLUMNS] = { 0 };
  for (guint i = 0; i < rows->len; i++)
    for (guint j = 0; j < COLUMNS; j++)
      widths[j] = MAX (widths[j], g_utf8_strlen (((GStrv)rows->pdata[i])[j], -1));
  g_autoptr (GString) out = g_string_new (NULL);
  for (guint i = 0; i < rows->len; i++) {
    GStrv cells = rows->pdata[i];
    for (guint j = 0; j < COLUMNS; j++) {
      glong pad = j + 1 < COLUMNS ? widths[j] + 2 - g_utf8_strlen (cells[j], -1) : 0;
      g_string_append_printf (out, "%s%*s", cells[j], (int)pad, "");
    }
    g_string_append_c (out, '\n');
  }
  for (guint i = 0; i < runs->len; i++) {
    const StoreRun *run = g_ptr_array_index (runs, i);
    if (run->problem)
      lines_add (out, "! ", "%s: %s", run->name, run->problem);
  }
  add_down (out);
  cli_print (out->str);
}

static int
run (const CliCall *call)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *root = store_root (NULL);
  g_autoptr (GPtrArray) runs = store_list (root, &error);
  if (!runs) {
    cli_complain ("%s", error->message);
    return CLI_PROBLEMS;
  }
  g_ptr_array_extend_and_steal (runs, practice_kept_runs ());
  store_sort (runs);
  if (call->json)
    print_json (runs);
  else if (runs->len > 0)
    print_table (runs);
  else
    cli_print ("no runs yet\n");
  return CLI_DONE;
}

const CliCommand command_runs = {
  .name = "runs",
  .arguments = "",
  .options = COMMAND_OPTIONS ("json"),
  .help = "List the runs there are, those of practice too, the newest first",
  .run = run,
};
