#include "core/checks/redis_proof.h"

/* For so long what was stopped may still seem to be alive. */
#define PROOF_LINGER_US (READING_BEAT_MAX_S * G_USEC_PER_SEC)

void
redis_proof_clear (RedisProof *proof)
{
  workers_clear (&proof->workers);
  g_clear_pointer (&proof->note, g_free);
}

static const SiteService *
seen_service (const CheckContext *context, const char *service)
{
  const SiteService *known = site_service (context->site, service);
  return known && !known->managed ? known : NULL;
}

void
redis_proof_needs (const CheckContext *context, const char *service, GPtrArray *requests)
{
  if (seen_service (context, service))
    g_ptr_array_add (requests, request_platform (context->platform->interval_us));
}

/* ---- the proof ------------------------------------------------------------- */

/* A stopped worker seems to be there for a while: after a change that is waited for. */
static gboolean
may_linger (const CheckContext *context, gint64 *until_us)
{
  *until_us = context->acted_us + PROOF_LINGER_US / MAX (context->speed, 1);
  return context->acted_us && context->now.boot_us < *until_us;
}

static gboolean
judge_workers (const CheckContext *context, const char *section, RedisProof *proof,
               Judgement *judgement)
{
  const Workers *workers = &proof->workers;
  g_autofree char *problem = workers_problem (workers, context->site, section);
  gint64 until_us = 0;
  if (!problem) {
    if (workers->running == 0)
      proof->note = g_strdup_printf ("no %s runs to prove that this is its Redis",
                                     workers->service);
    return TRUE;
  }
  if (workers->foreign && may_linger (context, &until_us)) {
    judgement_set (judgement, VERDICT_NOT_YET,
                   "a worker on %s still seems to be there; waiting for it to be gone",
                   workers->foreign);
    judgement->wake_us = MIN (judgement->wake_us, until_us);
    return FALSE;
  }
  gboolean never = workers->foreign || workers->overdue;
  judgement_set (judgement, never ? VERDICT_NEVER : VERDICT_NOT_YET, "%s", problem);
  return FALSE;
}

gboolean
redis_proof_judge (const CheckContext *context, const char *section, const char *service,
                   const json_t *processes, RedisProof *proof, Judgement *judgement)
{
  gint64 wake_us = judgement->wake_us;
  *proof = (RedisProof){ .looked = seen_service (context, service) != NULL };
  if (!proof->looked) {
    proof->note = g_strdup_printf (
        "%s is not ours to see, so nothing proves that this is its Redis", service);
    return TRUE;
  }
  g_autoptr (Request) request = request_platform (context->platform->interval_us);
  const Reading *reading = check_reading (context, request, judgement);
  if (!reading)
    return FALSE;
  if (wake_us)
    judgement->wake_us = MIN (judgement->wake_us, wake_us);
  workers_find (&proof->workers, context->site, reading->body, service, processes,
                context->speed);
  return judge_workers (context, section, proof, judgement);
}
