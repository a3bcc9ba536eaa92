#include <stdlib.h>

#include "tui/commands.h"
#include "tui/lines.h"
#include "tui/practice/practice_kept.h"
#include "tui/session.h"

/* A run that goes on has a runner; else it was killed. */
static const char *
phase_words (const StoreRun *run)
{
  if (run->state->phase != RUN_GOING || run->live)
    return run_phase_name (run->state->phase);
  if (g_strcmp0 (practice_kept_deployment (run), "gone") == 0)
    return "unfinished: its runner is gone, and the simulated deployment with it; "
           "handrail "
           "practice begins another one";
  return "unfinished: its runner is gone; handrail resume goes on";
}

static void
print_json (const RunState *state)
{
  json_auto_t *json = state_to_json (state);
  char *text = json_dumps (json, JSON_INDENT (2));
  g_autofree char *line = g_strconcat (text, "\n", NULL);
  free (text);
  cli_print (line);
}

/* What was said, by the names by which the runbook goes on with it. */
static void
add_answers (GString *out, const RunState *state)
{
  const char *name;
  json_t *answer;
  json_object_foreach (state->answers, name, answer)
      lines_add (out, "  ", "answered %s: %s", name, json_string_value (answer));
}

static void
add_step (GString *out, const StepState *step, gboolean at_hand)
{
  lines_add (out, at_hand ? "> " : "  ", "%s: %s%s%s", step->id, phase_name (step->phase),
             step->reason ? ": " : "", step->reason ? step->reason : "");
  if (step->answer)
    lines_add (out, "    ", "answered: %s", step->answer);
}

static void
print_text (const StoreRun *run)
{
  const RunState *state = run->state;
  g_autoptr (GString) out = g_string_new (NULL);
  lines_add (out, "= ", "run %s", run->name);
  lines_add (out, "= ", "runbook %s: %s", state->runbook, state->title);
  lines_add (out, "= ", "site %s on %s%s", state->site, state->platform,
             state->practice     ? ", practice: nothing real is changed"
             : state->production ? ", PRODUCTION"
                                 : "");
  lines_add (out, "= ", "%s%s%s%s", phase_words (run),
             run->live ? ", a runner holds it" : "", state->stopped_why ? ": " : "",
             state->stopped_why ? state->stopped_why : "");
  for (guint i = 0; i < state->steps->len; i++)
    add_step (out, g_ptr_array_index (state->steps, i), i == state->current);
  add_answers (out, state);
  for (guint i = 0; i < ledger_size (state->ledger); i++) {
    const LedgerEntry *entry = ledger_at (state->ledger, i);
    lines_add (out, "  ", "recorded %s: %" G_GINT64_FORMAT "%s%s%s", entry->service,
               entry->count, entry->version ? ", version " : "",
               entry->version ? entry->version : "", entry->restored ? ", restored" : "");
  }
  lines_question (out, state);
  cli_print (out->str);
}

static int
run (const CliCall *call)
{
  g_autofree char *root = store_root (NULL);
  g_autoptr (StoreRun) found =
      session_open (root, call->arguments[0], SESSION_WANTS_LIVE, NULL);
  if (!found)
    return CLI_PROBLEMS;
  if (call->json)
    print_json (found->state);
  else
    print_text (found);
  return CLI_DONE;
}

const CliCommand command_state = {
  .name = "state",
  .arguments = "[RUN]",
  .arguments_max = 1,
  .options = COMMAND_OPTIONS ("json"),
  .help = "Say where a run is, from its journal alone",
  .run = run,
};
