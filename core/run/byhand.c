/* by-hand.txt: how to go on if the tool is gone. */
#include <string.h>

#include "core/base/text.h"
#include "core/run/acceptance.h"
#include "core/run/login.h"
#include "core/run/next.h"
#include "core/run/skipped.h"

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

/* Before all else: the commands would reach what was refused. */
static void
write_refusal (GString *text, const RunState *state, const char *when)
{
  g_string_append_printf (text, "%s on %s: not to be gone on with by hand\n\n",
                          state->title, state->site);
  g_string_append_printf (text, "This run was %s\n\n",
                          state->stopped_why ? state->stopped_why : "refused");
  g_string_append (text, "No command is listed here, since it would be done to what was "
                         "refused.\n");
  g_string_append_printf (text, "Once that is put right, with the tool: %s%s\n",
                          state_is_resumable (state) ? "handrail resume "
                                                     : "begin the run anew",
                          state_is_resumable (state) ? state->name : "");
  g_string_append_printf (text, "Written %s by run %s.\n\n", when, state->name);
}

static void
write_head (GString *text, const RunState *state, Moment now)
{
  g_autofree char *when = moment_format_said (now.wall_us);
  if (state_is_refused (state)) {
    write_refusal (text, state, when);
    return;
  }
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

/* What was said, and the name by which the runbook goes on with it. */
static void
write_answer (GString *text, const StepState *step, const Step *written)
{
  const char *into = written && written->ask ? written->ask->into : NULL;
  if (step->answer)
    g_string_append_printf (text, "      answered%s%s: %s\n", into ? ", as " : "",
                            into ? into : "", step->answer);
}

static void
write_steps_over (GString *text, const Procedure *procedure, const RunState *state)
{
  g_string_append (text, "What is behind you\n");
  for (guint i = 0; i < state->current; i++) {
    const StepState *step = state->steps->pdata[i];
    g_string_append_printf (text, "  [%s] %s", step->phase == PHASE_DONE ? "x" : "-",
                            step->title);
    if (step->phase == PHASE_SKIPPED && step->reason)
      g_string_append_printf (text, " (%s: %s)", state_skipped_word (step), step->reason);
    g_string_append_c (text, '\n');
    write_answer (text, step, written_step (procedure->runbook, i, step->id));
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

/* What is written, and what of it has been said already: a look is the same at each step
 * that waits for it. */
typedef struct {
  GString *text;
  const Procedure *procedure;
  const RunState *state;
  const Evidence *evidence;
  GHashTable *told;  /* text → number of the item that has it */
  GPtrArray *unseen; /* char *: keys of readings that were missing; or NULL */
  guint item;
} ByHand;

/* Before what is to be done, and before what only shows or may help. */
#define DO "     "
#define MAY "         "

static void
write_login (GString *text, const char *before, const Site *site, const Plan *plan)
{
  const Command *first = plan->commands->len ? plan->commands->pdata[0] : NULL;
  g_autofree char *line = first && first->login ? login_line (site, first->login) : NULL;
  if (line)
    g_string_append_printf (text, "%s$ %s\n", before, line);
}

static void
write_commands (GString *text, const char *before, const Site *site, const Plan *plan)
{
  write_login (text, before, site, plan);
  for (guint i = 0; i < plan->commands->len; i++) {
    const Command *command = plan->commands->pdata[i];
    g_autofree char *line = text_command ((const char *const *)command->argv);
    if (command->directory) {
      const char *cd[] = { "cd", command->directory, NULL };
      g_autofree char *into = text_command (cd);
      g_string_append_printf (text, "%s$ %s\n", before, into);
    }
    g_string_append_printf (text, "%s$ %s\n", before, line);
  }
}

/* How that is looked at. Returns the item that has said so already; 0: none has. */
static guint
write_look (ByHand *hand, const Plan *plan)
{
  guint told = GPOINTER_TO_UINT (g_hash_table_lookup (hand->told, plan->change));
  if (told)
    return told;
  g_hash_table_insert (hand->told, g_strdup (plan->change),
                       GUINT_TO_POINTER (hand->item));
  g_string_append_printf (hand->text, "       to see it: %s\n", plan->change);
  write_commands (hand->text, MAY, hand->procedure->site, plan);
  return 0;
}

static void
write_looks (ByHand *hand, const Clause *clause)
{
  const CheckKind *kind = kind_check (clause);
  gboolean lacks = clause->missing && clause->missing[0];
  guint told = 0;
  g_autoptr (GPtrArray) plans =
      g_ptr_array_new_with_free_func ((GDestroyNotify)plan_free);
  if (kind && kind->by_hand && !lacks)
    kind->by_hand (clause->settings, hand->procedure->site, plans);
  for (guint i = 0; i < plans->len; i++)
    told = MAX (told, write_look (hand, plans->pdata[i]));
  if (told && told != hand->item)
    g_string_append_printf (hand->text, "       to see it: as in %u\n", told);
}

/* What the word beside a check is for. */
static void
write_accept (ByHand *hand, const Clause *clause, const StepState *step)
{
  if (!clause->accept)
    return;
  g_autofree char *word = acceptance_word (hand->state, clause->accept);
  if (acceptance_given (step, clause->accept))
    g_string_append_printf (
        hand->text,
        "       it need not hold: the operator has typed %s, to go on "
        "without it\n",
        word);
  else
    g_string_append_printf (hand->text,
                            "       you may decide to go on although it does not hold "
                            "(with the tool: type %s)\n",
                            word);
}

static void
write_plan (GString *text, const char *before, const Site *site, const Plan *plan)
{
  if (plan->instruction)
    g_string_append_printf (text, "%s%s\n", before, plan->instruction);
  write_commands (text, before, site, plan);
  if (!plan->instruction && !plan->commands->len && plan->change)
    g_string_append_printf (text, "%snothing to do (%s)\n", before, plan->change);
}

/* What was seen last of that, however long ago; or NULL, which is noted. */
static const json_t *
seen (ByHand *hand, const Request *request)
{
  const Reading *reading = evidence_latest (hand->evidence, request->key);
  if (reading && reading->body)
    return reading->body;
  if (hand->unseen &&
      !g_ptr_array_find_with_equal_func (hand->unseen, request->key, g_str_equal, NULL))
    g_ptr_array_add (hand->unseen, g_strdup (request->key));
  return NULL;
}

static void
write_action (ByHand *hand, const char *before, const Clause *action)
{
  GString *text = hand->text;
  const Procedure *procedure = hand->procedure;
  const ActionKind *kind = kind_action (action);
  g_autoptr (Request) look = request_platform (0);
  g_autoptr (Request) reads = kind->reads ? kind->reads (action->settings) : NULL;
  PlanContext context = {
    .site = procedure->site,
    .platform = kind_platform (procedure->site),
    .deployment = kind->looks ? seen (hand, look) : NULL,
    .reading = reads ? seen (hand, reads) : NULL,
    .ledger = hand->state->ledger,
  };
  gboolean blind = kind->looks && !context.deployment;
  gboolean lacks = action->missing && action->missing[0];
  g_autoptr (GError) error = NULL;
  g_autoptr (Plan) plan =
      blind || lacks ? NULL : kind->plan (action->settings, &context, &error);
  if (plan) {
    if (reads && !context.reading && plan->commands->len)
      g_string_append_printf (text, "%s%s\n", before, plan->change);
    write_plan (text, before, procedure->site, plan);
    return;
  }
  g_autofree char *clause = clause_format (action);
  g_string_append_printf (text, "%sdo: %s\n", before, clause);
  if (error)
    g_string_append_printf (text, "%s(the exact command is not known: %s)\n", before,
                            error->message);
}

/* The step that brings it about was left out: what it would have done. */
static void
write_skipped (ByHand *hand, const Clause *clause)
{
  const Procedure *procedure = hand->procedure;
  int place =
      skipped_before (procedure->runbook, hand->state, clause, hand->state->current);
  if (place < 0)
    return;
  const Step *written = procedure->runbook->steps->pdata[place];
  guint told = GPOINTER_TO_UINT (g_hash_table_lookup (hand->told, written->id));
  g_string_append_printf (
      hand->text, "       \"%s\", which brings this about, was skipped", written->title);
  if (told) {
    g_string_append_printf (hand->text, ": see %u\n", told);
    return;
  }
  g_hash_table_insert (hand->told, g_strdup (written->id), GUINT_TO_POINTER (hand->item));
  g_string_append (hand->text, "; to do it now:\n");
  write_action (hand, MAY, written->action);
}

static void
write_clauses (ByHand *hand, const char *word, const GPtrArray *clauses,
               const StepState *step)
{
  for (guint i = 0; i < clauses->len; i++) {
    const Clause *clause = clauses->pdata[i];
    g_autofree char *written = clause_words (clause);
    g_string_append_printf (hand->text, "     %s: %s\n", word, written);
    write_skipped (hand, clause);
    write_accept (hand, clause, step);
    write_looks (hand, clause);
  }
}

/* What the tool would offer. */
static void
write_otherwise (ByHand *hand, const Otherwise *otherwise)
{
  if (!otherwise)
    return;
  g_string_append_printf (hand->text, "     if that does not come true by itself: %s\n",
                          otherwise->offer);
  write_action (hand, MAY, otherwise->action);
}

static void
write_ask (ByHand *hand, const Step *written, const StepState *step)
{
  if (!written->ask)
    return;
  g_string_append_printf (hand->text, "     answer: %s\n", written->ask->text);
  write_answer (hand->text, step, written);
}

static void
write_step (ByHand *hand, const Step *written, const StepState *step)
{
  gboolean before = written->action && written->require->len > 0;
  g_string_append_printf (hand->text, "  %u. %s\n", ++hand->item, written->title);
  write_trouble (hand->text, step);
  write_clauses (hand, "first, make sure of", written->require, step);
  if (before)
    write_otherwise (hand, written->otherwise);
  write_ask (hand, written, step);
  if (written->action && !(step->acted && step->phase == PHASE_SETTLING))
    write_action (hand, DO, written->action);
  write_clauses (hand, "then wait for", written->until, step);
  if (!before)
    write_otherwise (hand, written->otherwise);
}

static void
write_steps_left (ByHand *hand)
{
  const RunState *state = hand->state;
  gboolean refused = state_is_refused (state);
  g_string_append (hand->text, refused ? "What remains once that is put right\n"
                                       : "What remains, in this order\n");
  for (guint i = state->current; i < state->steps->len; i++) {
    const StepState *step = state->steps->pdata[i];
    const Step *written = written_step (hand->procedure->runbook, i, step->id);
    if (written && written->applies && refused)
      g_string_append_printf (hand->text, "  %u. %s\n", ++hand->item, written->title);
    else if (written && written->applies)
      write_step (hand, written, step);
  }
  if (!hand->item)
    g_string_append (hand->text, "  nothing\n");
}

char *
byhand_text (const Procedure *procedure, const RunState *state, const Evidence *evidence,
             Moment now, GPtrArray *unseen)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GHashTable) told =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  ByHand hand = {
    .text = text,
    .procedure = procedure,
    .state = state,
    .evidence = evidence,
    .told = told,
    .unseen = unseen,
  };
  write_head (text, state, now);
  write_steps_over (text, procedure, state);
  write_ledger (text, state);
  write_steps_left (&hand);
  return g_string_free (text, FALSE);
}
