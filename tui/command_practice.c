#include <errno.h>
#include <string.h>

#include "core/base/text.h"
#include "tui/commands.h"
#include "tui/lines.h"
#include "tui/practice/practice.h"
#include "tui/practice/practice_world.h"
#include "tui/session.h"

/* A whole number from `least` to `most`; `otherwise` without an option. FALSE, having said
 * what is wrong. */
static gboolean
read_number (const char *option, const char *text, gint64 least, gint64 most,
             gint64 otherwise, gint64 *number)
{
  g_autoptr (GError) error = NULL;
  *number = otherwise;
  if (!text || g_ascii_string_to_signed (text, 10, least, most, number, &error))
    return TRUE;
  cli_complain ("--%s %s: give a whole number from %" G_GINT64_FORMAT
                " to %" G_GINT64_FORMAT,
                option, text, least, most);
  return FALSE;
}

/* ---- the scenarios there are ----------------------------------------------------------- */

static json_t *
text_or_null (const char *text)
{
  return text ? json_string (text) : json_null ();
}

/* What is wrong with it stands in `problem`. */
static json_t *
scenario_json (const FindPlaces *places, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *file = find_file (places, FIND_SCENARIO, name, NULL);
  g_autoptr (Scenario) scenario = practice_scenario (places, name, &error);
  json_t *careful = json_array ();
  for (guint i = 0; scenario && scenario->careful[i]; i++)
    json_array_append_new (careful, json_string (scenario->careful[i]));
  return json_pack ("{s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "name", name, "title",
                    text_or_null (scenario ? scenario->title : NULL), "about",
                    text_or_null (scenario ? scenario->about : NULL), "file",
                    text_or_null (scenario ? scenario->file : file), "runbook",
                    text_or_null (scenario ? scenario->runbook : NULL), "careful",
                    careful, "problem", text_or_null (error ? error->message : NULL));
}

static int
list_json (const FindPlaces *places)
{
  g_auto (GStrv) names = find_names (places, FIND_SCENARIO);
  json_auto_t *scenarios = json_array ();
  for (guint i = 0; names[i]; i++)
    json_array_append_new (scenarios, scenario_json (places, names[i]));
  char *text = json_dumps (scenarios, JSON_INDENT (2));
  g_autofree char *lines = g_strconcat (text, "\n", NULL);
  free (text);
  cli_print (lines);
  return names[0] ? CLI_DONE : CLI_PROBLEMS;
}

/* What it is about, under its title. */
static void
add_about (GString *out, const Scenario *scenario, guint indent)
{
  g_autofree char *printable = text_printable_lines (scenario->about, -1);
  g_autofree char *prefix = g_strnfill (indent, ' ');
  g_strdelimit (g_strstrip (printable), "\n", ' ');
  lines_add_broken (out, cli_columns (), prefix, indent, printable);
}

static int
list (const FindPlaces *places)
{
  g_auto (GStrv) names = find_names (places, FIND_SCENARIO);
  g_autoptr (GString) out = g_string_new (NULL);
  glong width = 0;
  for (guint i = 0; names[i]; i++)
    width = MAX (width, g_utf8_strlen (names[i], -1));
  for (guint i = 0; names[i]; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (Scenario) scenario = practice_scenario (places, names[i], &error);
    int pad = (int)(width - g_utf8_strlen (names[i], -1));
    lines_add (out, "", "%s%*s  %s", names[i], pad, "",
               scenario ? scenario->title : error->message);
    if (scenario && scenario->about)
      add_about (out, scenario, (guint)width + 2);
  }
  if (!names[0])
    lines_add (out, "", "there are no scenarios here; install handrail anew");
  cli_print (out->str);
  return names[0] ? CLI_DONE : CLI_PROBLEMS;
}

/* ---- the debrief of an earlier one ------------------------------------------------------ */

static int
debrief (const CliCall *call)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) runs = practice_kept_runs ();
  const char *name = call->arguments[0];
  g_autofree char *path = NULL;
  if (name)
    path = practice_kept_find (name, &error);
  else if (runs->len > 0)
    path = g_strdup (((const StoreRun *)g_ptr_array_index (runs, 0))->path);
  g_autoptr (PracticeKept) kept = path ? practice_kept_of (path) : NULL;
  g_autoptr (StoreRun) run = kept ? store_open (path, &error) : NULL;
  if (run)
    return practice_debrief (call, kept, run);
  cli_complain ("%s", error ? error->message
                            : "no practice is kept; handrail practice begins one");
  return CLI_PROBLEMS;
}

/* ---- ending what is left ---------------------------------------------------------------- */

/* FALSE, having said why, where somebody is at it and it was not named. */
static gboolean
end_one (const PracticeKept *kept, gboolean named, GString *out)
{
  g_autoptr (StoreRun) run = practice_kept_newest (kept);
  gboolean goes = run && run->live && run->state && run->state->phase == RUN_GOING;
  gboolean claimed = practice_kept_is_claimed (kept);
  if (goes && !named && (claimed || state_is_watched (run->state))) {
    cli_complain (
        "somebody is at the run %s, and its simulated deployment is left alone; "
        "handrail practice --end %s ends it all the same",
        run->name, run->name);
    return FALSE;
  }
  if (claimed && !goes && !(run && run->state && run->state->phase != RUN_GOING)) {
    cli_complain (
        "somebody is just beginning the practice %s, and its simulated deployment is "
        "left alone; try again when it has begun",
        kept->scenario);
    return FALSE;
  }
  practice_end (kept);
  lines_add (out, "= ", "the simulated deployment of %s is ended%s",
             run ? run->name : kept->scenario, goes ? ", and the run stops by that" : "");
  return TRUE;
}

/* Those that are alive; with a name the one of that run. NULL with `error`. */
static GPtrArray *
find_alive (const char *name, GError **error)
{
  g_autoptr (GPtrArray) all =
      g_ptr_array_new_with_free_func ((GDestroyNotify)practice_kept_free);
  g_autofree char *path = name ? practice_kept_find (name, error) : NULL;
  if (name && !path)
    return NULL;
  g_autoptr (PracticeKept) one = path ? practice_kept_of (path) : NULL;
  if (one)
    g_ptr_array_add (all, g_steal_pointer (&one));
  else if (!name)
    g_ptr_array_extend_and_steal (all, practice_kept_list ());
  for (guint i = all->len; i > 0; i--) {
    const PracticeKept *kept = g_ptr_array_index (all, i - 1);
    if (!practice_world_is_alive (kept->folder))
      g_ptr_array_remove_index (all, i - 1);
  }
  return g_steal_pointer (&all);
}

static int
end (const CliCall *call)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) alive = find_alive (call->arguments[0], &error);
  g_autoptr (GString) out = g_string_new (NULL);
  int status = CLI_DONE;
  if (!alive) {
    cli_complain ("%s", error->message);
    return CLI_PROBLEMS;
  }
  for (guint i = 0; i < alive->len; i++)
    if (!end_one (g_ptr_array_index (alive, i), call->arguments[0] != NULL, out))
      status = CLI_HELD;
  if (alive->len == 0)
    lines_add (out, "= ", "no simulated deployment is left");
  cli_print (out->str);
  return status;
}

/* ---- what was asked for ------------------------------------------------------------------ */

/* What was given that `mode` has no use for, as it was typed; NULL: nothing. */
static const char *
useless (const CliCall *call, const char *mode)
{
  gboolean lists = strcmp (mode, "--list") == 0;
  const struct {
    const char *option;
    gboolean given;
  } options[] = {
    { "--list", call->list },
    { "--debrief", call->debrief },
    { "--end", call->end },
    { "--scenario", call->scenario != NULL },
    { "--speed", call->speed != NULL },
    { "--seed", call->seed != NULL },
    { "--set", g_hash_table_size (call->settings) > 0 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    if (options[i].given && strcmp (options[i].option, mode) != 0)
      return options[i].option;
  return lists ? call->arguments[0] : NULL;
}

/* FALSE, having said what is too much: it would be passed over in silence. */
static gboolean
is_one_thing (const CliCall *call)
{
  const char *mode = call->list      ? "--list"
                     : call->debrief ? "--debrief"
                     : call->end     ? "--end"
                                     : NULL;
  const char *more = mode ? useless (call, mode) : NULL;
  if (more)
    cli_complain ("practice %s has no use for %s; leave one of them out", mode, more);
  return more == NULL;
}

/* ---- practising ------------------------------------------------------------------------- */

/* `given`: the scenario as it was named, or NULL. */
static void
say_what (const Practice *practice, const char *given)
{
  const PracticeKept *kept = practice->kept;
  const char *const names[] = { given ? given : kept->scenario, NULL };
  g_autofree char *again = text_command (names);
  g_autoptr (GString) out = g_string_new (NULL);
  lines_add (out, "= ", "practice: scenario %s, %" G_GINT64_FORMAT " times as fast%s",
             kept->scenario, kept->speed, practice->begun ? "" : ", as it was left");
  if (practice->left_by)
    lines_add (out, "= ", "its deployment is the one that %s has left",
               practice->left_by);
  if (practice->down)
    lines_add (
        out, "= ",
        "no deployment was left down: this one is new, and was brought down for it");
  if (practice->begun)
    lines_add (out, "= ",
               "the same again: --scenario %s --seed %" G_GINT64_FORMAT
               " --speed %" G_GINT64_FORMAT,
               again, kept->seed, kept->speed);
  cli_print (out->str);
}

static int
carry_out (const CliCall *call, const Practice *practice)
{
  const PracticeKept *kept = practice->kept;
  g_autoptr (Launch) launch = practice_launch (practice, call->settings);
  int status = session_launch (call, launch);
  if (practice->begun && launch_state (launch) != LAUNCH_JOIN)
    practice_give_up (kept);
  return status;
}

static int
practise (const CliCall *call, const FindPlaces *places)
{
  g_autoptr (GError) error = NULL;
  PracticeOrder order = { .scenario = call->scenario, .runbook = call->arguments[0] };
  if (!read_number ("speed", call->speed, 1, STATE_SPEED_MAX, 0, &order.speed) ||
      !read_number ("seed", call->seed, 0, G_MAXINT64, -1, &order.seed))
    return CLI_USAGE;
  g_autoptr (Practice) practice = practice_begin (places, &order, &error);
  if (!practice) {
    cli_complain ("%s", error->message);
    return CLI_PROBLEMS;
  }
  say_what (practice, call->scenario);
  return carry_out (call, practice);
}

/* In lines, and they go to standard error: all that is on standard output is JSON. */
static int
practise_aside (const CliCall *call, const FindPlaces *places)
{
  CliCall aside = *call;
  aside.plain = TRUE;
  aside.results = cli_open_results ();
  if (!aside.results) {
    cli_complain (
        "standard output cannot be kept for JSON; see that it and standard error "
        "are open, then try again");
    return CLI_PROBLEMS;
  }
  int status = practise (&aside, places);
  if (cli_close_results (aside.results))
    return status;
  cli_complain ("the debrief could not be written; handrail practice --debrief --json "
                "prints it again");
  return CLI_PROBLEMS;
}

static int
run (const CliCall *call)
{
  g_autoptr (FindPlaces) places = find_places ();
  if (!is_one_thing (call))
    return CLI_USAGE;
  if (call->list)
    return call->json ? list_json (places) : list (places);
  if (call->debrief)
    return debrief (call);
  if (call->end)
    return end (call);
  gboolean aside = call->json && !cli_is_full_screen (call);
  return aside ? practise_aside (call, places) : practise (call, places);
}

const CliCommand command_practice = {
  .name = "practice",
  .arguments = "[RUNBOOK]",
  .arguments_max = 1,
  .options = COMMAND_OPTIONS ("scenario", "speed", "seed", "set", "list", "debrief",
                              "end", "json", "plain", COMMAND_SCREEN_OPTIONS),
  .help = "Carry out a runbook on a simulated deployment; --list shows what can happen",
  .run = run,
};
