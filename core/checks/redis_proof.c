#include "core/checks/redis_proof.h"

#include <string.h>

#include "core/base/text.h"
#include "core/run/deployment.h"
#include "core/runbook/redis_address.h"

/* An application may take so long from its start to its first sign of life. */
#define PROOF_BOOT_US (60 * G_USEC_PER_SEC)

/* For so long what was stopped may still seem to be alive. */
#define PROOF_LINGER_US (READING_BEAT_MAX_S * G_USEC_PER_SEC)

void
redis_proof_clear (RedisProof *proof)
{
  g_clear_pointer (&proof->silent, g_free);
  g_clear_pointer (&proof->note, g_free);
}

char *
redis_proof_address (const Site *site, const char *section)
{
  const SiteRedis *redis = site_redis (site, section);
  g_autoptr (RedisAddress) address = NULL;
  g_autofree char *wrong =
      redis ? redis_address_read (redis->url, &address) : g_strdup ("is not there");
  return wrong ? g_strdup (section) : redis_address_format (address);
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

/* ---- hosts ----------------------------------------------------------------- */

static char *
process_host (const json_t *process)
{
  const char *host = json_string_value (json_object_get (process, "hostname"));
  const char *name = json_string_value (json_object_get (process, "name"));
  if (host || !name)
    return g_strdup (host ? host : "");
  return g_strndup (name, strcspn (name, ":"));
}

static gboolean
is_host_of (const json_t *instance, const char *host)
{
  g_autofree char *name = deployment_hostname (instance);
  return *name && strcmp (name, host) == 0;
}

static gboolean
reports (const json_t *instance, const json_t *processes)
{
  size_t index;
  json_t *process;
  json_array_foreach (processes, index, process)
  {
    g_autofree char *host = process_host (process);
    if (is_host_of (instance, host))
      return TRUE;
  }
  return FALSE;
}

/* The host of a process that is on none of the instances, stopped ones included; newly
 * allocated, or NULL. */
static char *
foreign_host (const json_t *instances, const json_t *processes)
{
  size_t index, other;
  json_t *process, *instance;
  json_array_foreach (processes, index, process)
  {
    gboolean known = FALSE;
    g_autofree char *host = process_host (process);
    json_array_foreach (instances, other, instance)
    {
      known |= is_host_of (instance, host);
    }
    if (!known)
      return g_steal_pointer (&host);
  }
  return NULL;
}

/* ---- the proof ------------------------------------------------------------- */

typedef struct {
  const CheckContext *context;
  const char *section, *service;
  const json_t *body, *processes;
  const json_t *instances;
} Look;

/* Counts what runs and reports; TRUE when an instance without a process has been up for
 * longer than an application takes to start. */
static gboolean
count_running (const Look *look, RedisProof *proof)
{
  gint64 clock_us = json_integer_value (json_object_get (look->body, "clock_us"));
  gint64 boot_us = PROOF_BOOT_US / MAX (look->context->speed, 1);
  gboolean overdue = FALSE;
  size_t index;
  json_t *instance;
  json_array_foreach (look->instances, index, instance)
  {
    gint64 since_us = json_integer_value (json_object_get (instance, "since_us"));
    const char *name = json_string_value (json_object_get (instance, "name"));
    if (!json_is_true (json_object_get (instance, "running")))
      continue;
    proof->running++;
    if (reports (instance, look->processes)) {
      proof->reporting++;
      continue;
    }
    overdue |= clock_us - since_us > boot_us;
    if (!proof->silent)
      proof->silent = text_printable (name ? name : look->service, -1);
  }
  return overdue;
}

static void
set_foreign (const Look *look, const char *host, const char *address,
             Judgement *judgement)
{
  gint64 lingers_us = PROOF_LINGER_US / MAX (look->context->speed, 1);
  gint64 until_us = look->context->acted_us + lingers_us;
  g_autofree char *printable = text_printable (host, -1);
  if (look->context->acted_us && look->context->now.boot_us < until_us) {
    judgement_set (judgement, VERDICT_NOT_YET,
                   "a worker on %s still seems to be there; waiting for it to be gone",
                   printable);
    judgement->wake_us = MIN (judgement->wake_us, until_us);
    return;
  }
  judgement_set (
      judgement, VERDICT_NEVER,
      "the Redis at %s is not the one of %s: a worker on %s reports to it that "
      "is no instance; correct %s.url",
      address, look->service, printable, look->section);
}

static gboolean
judge_look (const Look *look, RedisProof *proof, Judgement *judgement)
{
  g_autofree char *address = redis_proof_address (look->context->site, look->section);
  g_autofree char *foreign = foreign_host (look->instances, look->processes);
  gboolean overdue = count_running (look, proof);
  if (foreign)
    set_foreign (look, foreign, address, judgement);
  else if (proof->running > 0 && proof->reporting == 0 && overdue)
    judgement_set (judgement, VERDICT_NEVER,
                   "no worker of %s reports to the Redis at %s, and %u run; correct "
                   "%s.url, or see why they do not reach it",
                   look->service, address, proof->running, look->section);
  else if (proof->running > 0 && proof->reporting == 0)
    judgement_set (judgement, VERDICT_NOT_YET,
                   "no worker of %s reports to the Redis at %s yet", look->service,
                   address);
  else if (proof->running == 0)
    proof->note =
        g_strdup_printf ("no %s runs to prove that this is its Redis", look->service);
  return !foreign && (proof->running == 0 || proof->reporting > 0);
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
  const json_t *seen = deployment_service (reading->body, service);
  Look look = { .context = context,
                .section = section,
                .service = service,
                .body = reading->body,
                .processes = processes,
                .instances = json_object_get (seen, "instances") };
  return judge_look (&look, proof, judgement);
}
