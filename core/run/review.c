/* Resume looks first: what earlier steps established is measured again. */
#include <string.h>

#include "core/run/deciding.h"
#include "core/run/skipped.h"

/* How long a review waits for readings; machine time. */
#define REVIEW_LIMIT_US (15 * G_USEC_PER_SEC)

/* A later step that began acts on the same services: what this one established need
 * not hold any more. */
static gboolean
is_superseded (const Deciding *deciding, guint index, const Step *written)
{
  const RunState *state = deciding->state;
  const GPtrArray *steps = deciding->procedure->runbook->steps;
  for (guint i = index + 1; i < state->steps->len && i < steps->len; i++) {
    const StepState *later = state->steps->pdata[i];
    const Step *other = steps->pdata[i];
    if (later->phase != PHASE_PENDING && later->phase != PHASE_SKIPPED &&
        skipped_share (written->action, other->action))
      return TRUE;
  }
  return FALSE;
}

static void
note_broken (json_t *broken, const StepState *step, const Standing *standing)
{
  for (size_t i = 0; i < json_array_size (standing->holds); i++) {
    json_t *seen = json_array_get (standing->holds, i);
    Verdict verdict = VERDICT_UNKNOWN;
    verdict_from_name (json_string_value (json_object_get (seen, "verdict")), &verdict);
    if (verdict_passes (verdict))
      continue;
    json_t *item = json_copy (seen);
    json_object_set_new (item, "step", json_string (step->id));
    json_array_append_new (broken, item);
  }
}

gboolean
review_done (Deciding *deciding, Event **event)
{
  const RunState *state = deciding->state;
  const GPtrArray *steps = deciding->procedure->runbook->steps;
  json_auto_t *broken = json_array ();
  gboolean known = TRUE;
  for (guint i = 0; i < state->current && i < steps->len; i++) {
    const Step *written = steps->pdata[i];
    const StepState *step = state->steps->pdata[i];
    if (step->phase != PHASE_DONE || !written->action ||
        is_superseded (deciding, i, written))
      continue;
    Deciding earlier = *deciding;
    earlier.step = step;
    g_auto (Standing) standing = { 0 };
    judging_stand (&earlier, "until", written->until, state->acted_us, state->acted_us,
                   &standing);
    deciding->fresh_after_us = MAX (deciding->fresh_after_us, earlier.fresh_after_us);
    known &= standing.known && !standing.stale;
    note_broken (broken, step, &standing);
  }
  /* What was in doubt may have taken the operator a while. */
  gint64 since_us = deciding->step ? deciding->step->phase_began.boot_us : 0;
  gint64 limit_us = MAX (state->acted_us, since_us) + REVIEW_LIMIT_US;
  if (!known && deciding->now.boot_us < limit_us) {
    judging_wake (deciding, limit_us);
    return FALSE;
  }
  *event = event_new (EVENT_REVIEWED, json_pack ("{s:O}", "broken", broken));
  return TRUE;
}
