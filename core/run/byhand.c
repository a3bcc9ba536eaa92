/* by-hand.txt: how to go on if the tool is gone. */
#include <string.h>

#include "core/base/text.h"
#include "core/run/acceptance.h"
#include "core/run/login.h"
#include "core/run/next.h"

/* The same words would be obeyed by the real programs of this host. */
static void
write_practice (GString *text, const char *folder)
{
  g_autofree char *bin = g_build_filename (folder, "bin", NULL);
  g_autofree char *quoted = g_shell_quote (bin);
  g_string_append_printf (text,
                          "This is practice: what is written below is meant for a "
                          "simulated deployment, as long\n"
                          "as it is there, and for no other. Type this first, so that it "
                          "reaches nothing real:\n"
                          "     $ export PATH=%s\n\n",
                          quoted);
}

static void
write_head (GString *text, const RunState *state, Moment now)
{
  g_autofree char *when = moment_format_wall (now.wall_us);
  g_string_append_printf (text, "%s on %s: how to go on by hand\n\n", state->title,
                          state->site);
  g_string_append_printf (text, "Written %s by run %s.\n", when, state->name);
  if (state_is_unfinished (state))
    g_string_append_printf (text, "With the tool: handrail resume %s\n\n", state->name);
  else
    g_string_append_printf (text, "The run is %s.\n\n", run_phase_name (state->phase));
  if (state->practice_folder)
    write_practice (text, state->practice_folder);
}

static void
write_steps_over (GString *text, const RunState *state)
{
  g_string_append (text, "What is behind you\n");
  for (guint i = 0; i < state->current; i++) {
    const StepState *step = state->steps->pdata[i];
    g_string_append_printf (text, "  [%s] %s", step->phase == PHASE_DONE ? "x" : "-",
                            step->title);
    if (step->phase == PHASE_SKIPPED && step->reason)
      g_string_append_printf (text, " (skipped: %s)", step->reason);
    g_string_append_c (text, '\n');
  }
  if (!state->current)
    g_string_append (text, "  nothing yet\n");
  g_string_append_c (text, '\n');
}

static void
write_ledger (GString *text, const RunState *state)
{
  if (!ledger_size (state->ledger))
    return;
  g_string_append (text,
                   "What was recorded (running instances before the maintenance)\n");
  for (guint i = 0; i < ledger_size (state->ledger); i++) {
    const LedgerEntry *entry = ledger_at (state->ledger, i);
    if (entry->managed)
      g_string_append_printf (text, "  %-24s not ours to scale", entry->service);
    else
      g_string_append_printf (text, "  %-24s %" G_GINT64_FORMAT "%s", entry->service,
                              entry->count, entry->restored ? "  (brought back)" : "");
    if (entry->version)
      g_string_append_printf (text, "  (version %s)", entry->version);
    g_string_append_c (text, '\n');
  }
  g_string_append_c (text, '\n');
}

static void
write_trouble (GString *text, const StepState *step)
{
  if (step->phase == PHASE_FAILED && step->reason)
    g_string_append_printf (text, "     It failed: %s\n", step->reason);
  if (!step->command)
    return;
  gint64 pid = json_integer_value (json_object_get (step->command, "pid"));
  g_string_append_printf (text,
                          "     A command of it was running as process %" G_GINT64_FORMAT
                          "; see whether it still does: ps -fp %" G_GINT64_FORMAT "\n",
                          pid, pid);
}

static void
write_clauses (GString *text, const char *word, const GPtrArray *clauses,
               const StepState *step)
{
  for (guint i = 0; i < clauses->len; i++) {
    const Clause *clause = clauses->pdata[i];
    g_autofree char *written = clause_words (clause);
    g_string_append_printf (text, "     %s: %s\n", word, written);
    if (clause->accept && acceptance_given (step, clause->accept))
      g_string_append_printf (text,
                              "       (%s: the operator has accepted that it does not "
                              "hold)\n",
                              clause->accept);
    else if (clause->accept)
      g_string_append_printf (text,
                              "       (%s: you may decide to go on although it does not "
                              "hold)\n",
                              clause->accept);
  }
}

static void
write_login (GString *text, const Site *site, const Plan *plan)
{
  const Command *first = plan->commands->len ? plan->commands->pdata[0] : NULL;
  g_autofree char *line = first && first->login ? login_line (site, first->login) : NULL;
  if (line)
    g_string_append_printf (text, "     $ %s\n", line);
}

static void
write_plan (GString *text, const Site *site, const Plan *plan)
{
  write_login (text, site, plan);
  if (plan->instruction)
    g_string_append_printf (text, "     %s\n", plan->instruction);
  for (guint i = 0; i < plan->commands->len; i++) {
    const Command *command = plan->commands->pdata[i];
    g_autofree char *line = text_command ((const char *const *)command->argv);
    if (command->directory) {
      const char *cd[] = { "cd", command->directory, NULL };
      g_autofree char *into = text_command (cd);
      g_string_append_printf (text, "     $ %s\n", into);
    }
    g_string_append_printf (text, "     $ %s\n", line);
  }
  if (!plan->instruction && !plan->commands->len && plan->change)
    g_string_append_printf (text, "     nothing to do (%s)\n", plan->change);
}

/* What was seen last of that, however long ago; or NULL. */
static const json_t *
seen (const Evidence *evidence, const Request *request)
{
  const Reading *reading = evidence_latest (evidence, request->key);
  return reading ? reading->body : NULL;
}

static void
write_action (GString *text, const Procedure *procedure, const RunState *state,
              const Clause *action, const Evidence *evidence)
{
  const ActionKind *kind = kind_action (action);
  g_autoptr (Request) look = request_platform (0);
  g_autoptr (Request) reads = kind->reads ? kind->reads (action->settings) : NULL;
  PlanContext context = {
    .site = procedure->site,
    .platform = kind_platform (procedure->site),
    .deployment = seen (evidence, look),
    .reading = reads ? seen (evidence, reads) : NULL,
    .ledger = state->ledger,
  };
  gboolean blind = kind->looks && !context.deployment;
  gboolean lacks = action->missing && action->missing[0];
  g_autoptr (GError) error = NULL;
  g_autoptr (Plan) plan =
      blind || lacks ? NULL : kind->plan (action->settings, &context, &error);
  if (plan) {
    if (reads && !context.reading && plan->commands->len)
      g_string_append_printf (text, "     %s\n", plan->change);
    write_plan (text, procedure->site, plan);
    return;
  }
  g_autofree char *clause = clause_format (action);
  g_string_append_printf (text, "     do: %s\n", clause);
  if (error)
    g_string_append_printf (text, "     (the exact command is not known: %s)\n",
                            error->message);
}

static void
write_step (GString *text, guint number, const Procedure *procedure,
            const RunState *state, const Step *written, const StepState *step,
            const Evidence *evidence)
{
  g_string_append_printf (text, "  %u. %s\n", number, written->title);
  write_trouble (text, step);
  write_clauses (text, "first, make sure of", written->require, step);
  if (written->ask)
    g_string_append_printf (text, "     answer: %s\n", written->ask->text);
  if (written->action && !(step->acted && step->phase == PHASE_SETTLING))
    write_action (text, procedure, state, written->action, evidence);
  write_clauses (text, "then wait for", written->until, step);
}

/* Mostly they stand at the same place: each is not to be looked for among thousands. */
static const Step *
written_step (const Runbook *runbook, guint place, const char *id)
{
  const Step *there = place < runbook->steps->len ? runbook->steps->pdata[place] : NULL;
  if (there && strcmp (there->id, id) == 0)
    return there;
  int index = runbook_step_index (runbook, id);
  return index < 0 ? NULL : runbook->steps->pdata[index];
}

static void
write_steps_left (GString *text, const Procedure *procedure, const RunState *state,
                  const Evidence *evidence)
{
  g_string_append (text, "What remains, in this order\n");
  guint number = 0;
  for (guint i = state->current; i < state->steps->len; i++) {
    const StepState *step = state->steps->pdata[i];
    const Step *written = written_step (procedure->runbook, i, step->id);
    if (written && written->applies)
      write_step (text, ++number, procedure, state, written, step, evidence);
  }
  if (!number)
    g_string_append (text, "  nothing\n");
}

char *
byhand_text (const Procedure *procedure, const RunState *state, const Evidence *evidence,
             Moment now)
{
  GString *text = g_string_new (NULL);
  write_head (text, state, now);
  write_steps_over (text, state);
  write_ledger (text, state);
  write_steps_left (text, procedure, state, evidence);
  return g_string_free (text, FALSE);
}
