#include "core/run/kind.h"

#include <stdarg.h>
#include <string.h>

#include "core/base/text.h"
#include "core/run/deployment.h"

/* Machine time for which a reading is never called stale, however short its
 * interval: looking itself takes that long. */
#define STALE_FLOOR_US G_USEC_PER_SEC

static const char *const verdict_names[] = {
  [VERDICT_UNKNOWN] = "unknown",   [VERDICT_STALE] = "stale",
  [VERDICT_NOT_YET] = "not-yet",   [VERDICT_NEVER] = "never",
  [VERDICT_HOLDS] = "holds",       [VERDICT_NOT_OURS] = "not-ours",
  [VERDICT_ACCEPTED] = "accepted",
};

const char *
verdict_name (Verdict verdict)
{
  return verdict_names[verdict];
}

gboolean
verdict_from_name (const char *name, Verdict *verdict)
{
  for (guint i = 0; i < G_N_ELEMENTS (verdict_names); i++)
    if (strcmp (verdict_names[i], name) == 0) {
      *verdict = (Verdict)i;
      return TRUE;
    }
  return FALSE;
}

gboolean
verdict_passes (Verdict verdict)
{
  return verdict == VERDICT_HOLDS || verdict == VERDICT_NOT_OURS ||
         verdict == VERDICT_ACCEPTED;
}

void
judgement_clear (Judgement *judgement)
{
  g_clear_pointer (&judgement->text, g_free);
  g_clear_pointer (&judgement->gist, g_free);
  g_clear_pointer (&judgement->proves, json_decref);
}

void
judgement_set (Judgement *judgement, Verdict verdict, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_free (judgement->text);
  judgement->text = text;
  judgement->verdict = verdict;
}

/* Age counts from the end of the look: one that takes longer than three of its
 * intervals would otherwise be stale whenever it arrives. */
const Reading *
check_reading (const CheckContext *context, const Request *request, Judgement *judgement)
{
  const Reading *reading = evidence_latest (context->evidence, request->key);
  gint64 interval_us = request->interval_us / MAX (context->speed, 1);
  if (!reading || reading->began.boot_us < context->fresh_after_us) {
    judgement_set (judgement, VERDICT_UNKNOWN, "not looked at yet");
    return NULL;
  }
  if (reading->error) {
    judgement_set (judgement, VERDICT_STALE, "%s", reading->error);
    return NULL;
  }
  gint64 stale_us = reading->ended.boot_us + MAX (3 * interval_us, STALE_FLOOR_US);
  if (context->now.boot_us > stale_us && reading->began.boot_us < context->unseen_us) {
    judgement_set (judgement, VERDICT_UNKNOWN, "not looked at yet");
    return NULL;
  }
  if (context->now.boot_us > stale_us) {
    judgement_set (judgement, VERDICT_STALE,
                   "the last look is too old to go by; waiting for a new one");
    return NULL;
  }
  judgement->wake_us = stale_us + 1;
  return reading;
}

const Reading *
check_failure (const CheckContext *context, const Request *request)
{
  const Reading *reading = evidence_latest (context->evidence, request->key);
  gint64 interval_us = request->interval_us / MAX (context->speed, 1);
  if (!reading || !reading->error || reading->began.boot_us < context->fresh_after_us)
    return NULL;
  gint64 stale_us = reading->ended.boot_us + MAX (3 * interval_us, STALE_FLOOR_US);
  return context->now.boot_us <= stale_us + request->limit_us ? reading : NULL;
}

gint64
check_patience_end (const CheckContext *context, gint64 patience_us)
{
  gint64 end_us = context->since_us + patience_us / MAX (context->speed, 1);
  gint64 half_us = (context->until_us - context->since_us) / 2;
  return half_us > 0 ? MIN (end_us, context->since_us + half_us) : end_us;
}

static gboolean
recorded_amount (const CheckContext *context, const char *service, gint64 *count,
                 Judgement *judgement)
{
  const LedgerEntry *entry =
      context->ledger ? ledger_get (context->ledger, service) : NULL;
  const SiteService *known = site_service (context->site, service);
  if (entry && entry->managed) {
    judgement_set (judgement, VERDICT_NOT_OURS, "%s: not ours when it was recorded",
                   service);
    return FALSE;
  }
  if (entry)
    *count = entry->count;
  else if (known && known->replicas != FIELD_UNSET)
    *count = known->replicas;
  else
    judgement_set (judgement, VERDICT_NEVER,
                   "no count was recorded for %s; give --after RUN, or set its replicas "
                   "in the site file",
                   service);
  return entry || (known && known->replicas != FIELD_UNSET);
}

gboolean
check_amount (const CheckContext *context, const Amount *amount, const char *service,
              gint64 *count, Judgement *judgement)
{
  const json_t *planned = json_object_get (context->planned, service);
  switch (amount->type) {
  case AMOUNT_NUMBER:
    *count = amount->number;
    return TRUE;
  case AMOUNT_RECORDED:
    return recorded_amount (context, service, count, judgement);
  case AMOUNT_PLANNED:
    if (!json_is_integer (planned))
      break;
    *count = json_integer_value (planned);
    return TRUE;
  case AMOUNT_UNSET:
    break;
  }
  judgement_set (judgement, VERDICT_UNKNOWN,
                 "%s: how many there should be is not known before the step acts",
                 service);
  return FALSE;
}

static char *
no_identity (const Site *site, const char *name)
{
  if (!site->production)
    return NULL;
  return g_strdup_printf (
      "site %s does not say which %s it is, so nothing proves that this is the right "
      "target; look at it with: handrail doctor --site %s, then write it down with --pin",
      site->name, name, site->name);
}

static char *
other_identity (const Site *site, const char *name, const char *wanted, const char *seen)
{
  g_autofree char *there = text_printable (seen ? seen : "unknown", -1);
  g_autofree char *pinned = text_printable (wanted, -1);
  g_autofree char *remedy = site_wrong_target_remedy (site);
  return g_strdup_printf ("this is not the target that site %s names: %s is %s, the site "
                          "file says %s; %s",
                          site->name, name, there, pinned, remedy);
}

/* The platform's first identity name is the one that tells two targets apart by
 * itself: production cannot do without it, the others add to it. Names that are
 * not the platform's are somebody else's to prove. */
char *
platform_identity_problem (const Site *site, const PlatformKind *platform,
                           const json_t *deployment)
{
  const char *const *names = platform->identity_names;
  if (!deployment)
    return g_strdup_printf ("the platform of site %s has not been looked at, so nothing "
                            "proves that this is the right target; look again",
                            site->name);
  for (const char *const *name = names; *name; name++) {
    const char *wanted = g_hash_table_lookup (site->identity, *name);
    const char *seen = deployment_identity (deployment, *name);
    if (wanted && g_strcmp0 (wanted, seen) != 0)
      return other_identity (site, *name, wanted, seen);
  }
  if (*names && !g_hash_table_lookup (site->identity, *names))
    return no_identity (site, *names);
  return NULL;
}
