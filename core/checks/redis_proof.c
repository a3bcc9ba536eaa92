#include "core/checks/redis_proof.h"

#include <string.h>

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
  judgement->vain = workers->foreign != NULL;
  judgement_set (judgement, never ? VERDICT_NEVER : VERDICT_NOT_YET, "%s", problem);
  return FALSE;
}

gboolean
redis_proof_judge (const CheckContext *context, const char *section, const char *service,
                   const json_t *body, RedisProof *proof, Judgement *judgement)
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
  workers_find (&proof->workers, context->site, reading->body, service, body);
  return judge_workers (context, section, proof, judgement);
}

/* ---- over the run ---------------------------------------------------------- */

/* What is proved by the workers of one service says nothing of another's. */
static char *
proof_name (const char *section, const char *service)
{
  return g_strdup_printf ("%s of %s", section, service);
}

/* Why nothing proves it, and what to do; newly allocated. `known`: the run_id that is
 * remembered, which is not this one. */
static char *
unproved (const CheckContext *context, const char *section, const char *service,
          const char *run_id, const char *known)
{
  g_autofree char *address = site_redis_address (context->site, section);
  gboolean ours = seen_service (context, service) != NULL;
  if (ours && run_id && known)
    return g_strdup_printf (
        "the Redis at %s is another one than the workers of %s reported to in this run, "
        "or was started anew since; correct %s.url in the site file, or start %s until a "
        "worker reports to this one",
        address, service, section, service);
  gboolean helps = ours && run_id; /* to start them */
  const char *why = !ours     ? "it is not ours to see"
                    : !run_id ? "none of its workers runs, and the Redis gives no run_id"
                              : "none of its workers has reported to it in this run";
  return g_strdup_printf ("nothing proves that the Redis at %s is that of %s: %s; "
                          "%s%s%ssee for yourself that "
                          "%s.url in the site file names it",
                          address, service, why, helps ? "start " : "",
                          helps ? service : "", helps ? " until one does, or " : "",
                          section);
}

gboolean
redis_proof_remember (const CheckContext *context, const char *section,
                      const char *service, const char *run_id, gboolean wanted,
                      RedisProof *proof, Judgement *judgement)
{
  g_autofree char *name = proof_name (section, service);
  const char *known = json_string_value (json_object_get (context->proofs, name));
  if (proof->workers.reporting > 0) {
    judgement->proves = run_id ? json_pack ("{s:s}", name, run_id) : NULL;
    return TRUE;
  }
  gboolean same = proof->looked && known && run_id && strcmp (known, run_id) == 0;
  if (!same && wanted) {
    g_autofree char *why = unproved (context, section, service, run_id, known);
    judgement_set (judgement, VERDICT_NEVER, "%s", why);
    judgement->vain = TRUE;
    return FALSE;
  }
  if (same) {
    g_free (proof->note);
    proof->note = g_strdup_printf (
        "it is the one that workers of %s reported to in this run", service);
  }
  return TRUE;
}
