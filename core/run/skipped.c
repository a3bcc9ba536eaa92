#include "core/run/skipped.h"

#include <string.h>

const char *const *
skipped_services (const Clause *clause)
{
  if (!clause || !clause->kind || !clause->kind->services || !clause->settings)
    return NULL;
  return clause->kind->services (clause->settings);
}

gboolean
skipped_share (const Clause *one, const Clause *other)
{
  const char *const *some = skipped_services (one);
  const char *const *others = skipped_services (other);
  for (guint i = 0; some && some[i]; i++)
    if (others && g_strv_contains (others, some[i]))
      return TRUE;
  return FALSE;
}

static gboolean
is_alike (const Clause *one, const Clause *other)
{
  return one->kind && one->kind == other->kind && skipped_share (one, other);
}

/* By the operator, or because the run began further on, and before its action was done. */
static gboolean
is_left_out (const Step *written, const StepState *step)
{
  return step->phase == PHASE_SKIPPED && written->applies &&
         (!step->acted || step->undone) && strcmp (written->id, step->id) == 0;
}

static gboolean
brings_about (const Step *written, const Clause *clause)
{
  if (!skipped_share (written->action, clause))
    return FALSE;
  for (guint i = 0; i < written->until->len; i++)
    if (is_alike (written->until->pdata[i], clause))
      return TRUE;
  return FALSE;
}

int
skipped_before (const Runbook *runbook, const RunState *state, const Clause *clause,
                guint before)
{
  for (guint i = MIN (before, MIN (runbook->steps->len, state->steps->len)); i-- > 0;) {
    const Step *written = runbook->steps->pdata[i];
    if (is_left_out (written, state->steps->pdata[i]) && brings_about (written, clause))
      return (int)i;
  }
  return -1;
}

/* What its own action would have planned is not known. */
static gboolean
fails_now (const Step *written, const Clause *clause, CheckContext context)
{
  context.planned = NULL;
  for (guint i = 0; i < written->until->len; i++) {
    const Clause *until = written->until->pdata[i];
    g_auto (Judgement) judgement = { 0 };
    if (!is_alike (until, clause) || (until->missing && until->missing[0]))
      continue;
    kind_check (until)->judge (until->settings, &context, &judgement);
    if (judgement.verdict == VERDICT_NEVER || judgement.verdict == VERDICT_NOT_YET)
      return TRUE;
  }
  return FALSE;
}

const Step *
skipped_cause (const Runbook *runbook, const RunState *state, const Clause *clause,
               const CheckContext *context)
{
  int place = (int)state->current;
  while ((place = skipped_before (runbook, state, clause, (guint)place)) >= 0) {
    const Step *written = runbook->steps->pdata[place];
    if (fails_now (written, clause, *context))
      return written;
  }
  return NULL;
}
