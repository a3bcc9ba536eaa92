#include "tui/run/run_checks.h"

#include <string.h>

#include "core/checks/checks.h"
#include "core/run/acceptance.h"

static void
check_free (RunCheck *check)
{
  g_free (check->text);
  g_free (check->word);
  g_free (check);
}

Role
run_checks_role (Verdict verdict)
{
  static const Role roles[] = {
    [VERDICT_UNKNOWN] = ROLE_DIM,      [VERDICT_STALE] = ROLE_STALE,
    [VERDICT_NOT_YET] = ROLE_WAITING,  [VERDICT_NEVER] = ROLE_BAD,
    [VERDICT_HOLDS] = ROLE_GOOD,       [VERDICT_NOT_OURS] = ROLE_DIM,
    [VERDICT_ACCEPTED] = ROLE_WAITING,
  };
  return roles[verdict];
}

Mark
run_checks_mark (Verdict verdict)
{
  static const Mark marks[] = {
    [VERDICT_UNKNOWN] = MARK_WAITING,  [VERDICT_STALE] = MARK_STALE,
    [VERDICT_NOT_YET] = MARK_WAITING,  [VERDICT_NEVER] = MARK_FAILED,
    [VERDICT_HOLDS] = MARK_DONE,       [VERDICT_NOT_OURS] = MARK_SKIPPED,
    [VERDICT_ACCEPTED] = MARK_SKIPPED,
  };
  return marks[verdict];
}

/* Which checks are judged in a phase. */
static gboolean
is_due (const StepState *step, const char *section)
{
  gboolean before = step->phase == PHASE_CHECKING || step->phase == PHASE_PROVING;
  gboolean after = step->phase == PHASE_SETTLING || step->phase == PHASE_UNCERTAIN;
  if (strcmp (section, "require") == 0)
    return before;
  if (strcmp (section, "until") == 0)
    return after;
  return after || step->phase == PHASE_ACTING;
}

static const StateVerdict *
verdict_of (const StepState *step, const char *section, guint index)
{
  for (guint i = 0; i < step->verdicts->len; i++) {
    const StateVerdict *verdict = g_ptr_array_index (step->verdicts, i);
    if (verdict->index == index && strcmp (verdict->section, section) == 0)
      return verdict;
  }
  return NULL;
}

static RunCheck *
check_new (const RunModel *model, const StepState *step, const char *section, guint index,
           const Clause *clause)
{
  const StateVerdict *last = verdict_of (step, section, index);
  const char *text = last ? last->text : NULL;
  RunCheck *check = g_new0 (RunCheck, 1);
  check->section = section;
  check->clause = clause;
  check->due = is_due (step, section);
  check->verdict = last ? last->verdict : VERDICT_UNKNOWN;
  if (check->due)
    run_model_check_now (model, section, index, &check->verdict, &text);
  if (text)
    check->text = g_strdup (text);
  else
    check->text = clause ? clause_words (clause) : g_strdup ("");
  if (last && last->accept)
    check->word = acceptance_word (run_model_state (model), last->accept);
  return check;
}

static void
add_written (GPtrArray *checks, const RunModel *model, const StepState *step,
             const char *section, const GPtrArray *clauses)
{
  for (guint i = 0; i < clauses->len; i++)
    g_ptr_array_add (checks,
                     check_new (model, step, section, i, g_ptr_array_index (clauses, i)));
}

/* Without the runbook those are known that the journal has a verdict of. */
static void
add_judged (GPtrArray *checks, const RunModel *model, const StepState *step)
{
  for (guint i = 0; i < step->verdicts->len; i++) {
    const StateVerdict *verdict = g_ptr_array_index (step->verdicts, i);
    g_ptr_array_add (checks,
                     check_new (model, step, verdict->section, verdict->index, NULL));
  }
}

GPtrArray *
run_checks (const RunModel *model)
{
  const RunState *state = run_model_state (model);
  const StepState *step = state_current (state);
  const Step *written = run_model_written (model, state->current);
  GPtrArray *checks = g_ptr_array_new_with_free_func ((GDestroyNotify)check_free);
  if (!step)
    return checks;
  if (!written) {
    add_judged (checks, model, step);
    return checks;
  }
  add_written (checks, model, step, "require", written->require);
  add_written (checks, model, step, "during", written->during);
  add_written (checks, model, step, "until", written->until);
  return checks;
}

static gboolean
is_kind (const Clause *clause, const CheckKind *kind)
{
  return clause && clause->kind == &kind->spec && !clause->missing;
}

static const Clause *
first_queues (const GPtrArray *clauses)
{
  for (guint i = 0; i < clauses->len; i++)
    if (is_kind (g_ptr_array_index (clauses, i), &check_queues))
      return g_ptr_array_index (clauses, i);
  return NULL;
}

const Clause *
run_checks_queues (const RunModel *model)
{
  const Step *written = run_model_written (model, run_model_state (model)->current);
  const Clause *found = written ? first_queues (written->require) : NULL;
  return found || !written ? found : first_queues (written->until);
}

gboolean
run_checks_tell_queues (const GPtrArray *checks)
{
  for (guint i = 0; i < checks->len; i++) {
    const RunCheck *check = g_ptr_array_index (checks, i);
    if (check->due && is_kind (check->clause, &check_queues))
      return TRUE;
  }
  return FALSE;
}

static void
add_services (GPtrArray *names, const Clause *clause)
{
  const CheckServiceSettings *settings = clause->settings;
  for (guint i = 0; settings->names && settings->names[i]; i++)
    if (!g_ptr_array_find_with_equal_func (names, settings->names[i], g_str_equal, NULL))
      g_ptr_array_add (names, settings->names[i]);
}

GPtrArray *
run_checks_services (const GPtrArray *checks)
{
  GPtrArray *names = g_ptr_array_new ();
  for (guint i = 0; i < checks->len; i++) {
    const RunCheck *check = g_ptr_array_index (checks, i);
    if (check->due && !verdict_passes (check->verdict) &&
        is_kind (check->clause, &check_service))
      add_services (names, check->clause);
  }
  return names;
}
