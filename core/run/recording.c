/* `record`: what was is written down once, before anything is changed. */
#include <string.h>

#include "core/run/answer.h"
#include "core/run/deciding.h"
#include "core/run/deployment.h"

/* How long recording waits for versions; machine time. An address that does not answer
 * must not keep the maintenance from beginning. */
#define VERSIONS_US (15 * G_USEC_PER_SEC)

/* ---- versions -------------------------------------------------------------- */

/* Versions seen before the step began, or before a resume, are not gone by. */
static gint64
versions_since (const Deciding *deciding)
{
  return MAX (deciding->step->began.boot_us, deciding->state->acted_us);
}

static Request *
version_request (const SiteService *service)
{
  return request_http (service->health, service->ca_file, ANSWER_HEALTH_INTERVAL_US,
                       ANSWER_HEALTH_LIMIT_US);
}

static void
versions_watch (Deciding *deciding)
{
  const GPtrArray *services = deciding->procedure->site->services;
  deciding->fresh_after_us = MAX (deciding->fresh_after_us, versions_since (deciding));
  for (guint i = 0; i < services->len; i++) {
    const SiteService *service = services->pdata[i];
    if (service->health)
      g_ptr_array_add (deciding->watch, version_request (service));
  }
}

/* The version of one service, or NULL with *why not; *final: looking again will not
 * tell more. */
static char *
version_read (const Deciding *deciding, const json_t *deployment,
              const SiteService *service, char **why, gboolean *final)
{
  g_autoptr (Request) request = version_request (service);
  const Reading *reading = evidence_latest (deciding->evidence, request->key);
  gboolean down =
      !service->managed && deployment_running (deployment, service->name) == 0;
  *final = TRUE;
  if (down)
    *why = g_strdup ("it is not running");
  else if (reading && reading->began.boot_us >= versions_since (deciding)) {
    if (!reading->error)
      return answer_version (reading->body, why);
    *final = g_str_has_prefix (reading->error, READING_CERTIFICATE);
    *why = g_strdup (reading->error);
  } else {
    *final = FALSE;
    *why = g_strdup ("its health address has not answered yet");
  }
  return NULL;
}

/* Sets the versions in `ledger` and says in `unread` why others are not known. NULL: that
 * is all there is; else what is still waited for. */
static char *
versions_read (Deciding *deciding, const json_t *deployment, Ledger *ledger,
               json_t *unread)
{
  const GPtrArray *services = deciding->procedure->site->services;
  gint64 limit_us = versions_since (deciding) + VERSIONS_US;
  char *waiting = NULL;
  for (guint i = 0; i < services->len; i++) {
    const SiteService *service = services->pdata[i];
    gboolean final;
    g_autofree char *why = NULL;
    if (!service->health)
      continue;
    g_autofree char *version = version_read (deciding, deployment, service, &why, &final);
    if (version)
      ledger_set_version (ledger, service->name, version);
    else
      json_object_set_new (unread, service->name, json_string (why));
    if (!final && !waiting)
      waiting = g_strdup_printf ("the version of %s: %s", service->name, why);
  }
  if (deciding->now.boot_us >= limit_us)
    g_clear_pointer (&waiting, g_free);
  if (waiting)
    judging_wake (deciding, limit_us);
  return waiting;
}

/* ---- the ledger ------------------------------------------------------------ */

/* What `record` writes down of a look. */
static Ledger *
record_ledger (const Deciding *deciding, const json_t *deployment, RecordFlags wanted)
{
  Ledger *ledger = ledger_new ();
  const GPtrArray *services = deciding->procedure->site->services;
  gboolean images = (wanted & RECORD_IMAGES) != 0;
  for (guint i = 0; i < services->len; i++) {
    const SiteService *service = services->pdata[i];
    g_autofree char *seen = images && !service->managed
                                ? deployment_images (deployment, service->name)
                                : NULL;
    ledger_record (ledger, service->name,
                   service->managed ? 0 : deployment_running (deployment, service->name),
                   seen, service->managed != NULL);
  }
  return ledger;
}

/* What the step records: its own, and what the steps before it would have that --from
 * left out. */
static RecordFlags
record_wanted (const Deciding *deciding)
{
  RecordFlags wanted = deciding->written->record;
  const char *from = deciding->procedure->from;
  const GPtrArray *steps = deciding->procedure->runbook->steps;
  if (!from || strcmp (deciding->step->id, from) != 0)
    return wanted;
  for (guint i = 0; i < deciding->state->current; i++)
    wanted |= ((const Step *)steps->pdata[i])->record;
  return wanted;
}

/* The platform knows none of the site's services: another project, most likely, and
 * everything would seem to be down. */
static gboolean
nothing_is_there (const Deciding *deciding, const json_t *deployment)
{
  const GPtrArray *services = deciding->procedure->site->services;
  guint ours = 0;
  for (guint i = 0; i < services->len; i++) {
    const SiteService *service = services->pdata[i];
    if (!service->managed && deployment_instances (deployment, service->name) > 0)
      return FALSE;
    ours += !service->managed;
  }
  return ours > 0 && ledger_size (deciding->state->ledger) == 0;
}

Next *
recording_next (Deciding *deciding)
{
  RecordFlags wanted = record_wanted (deciding);
  if (!wanted || deciding->step->recorded)
    return NULL;
  Next *next = NULL;
  if (wanted & RECORD_VERSION)
    versions_watch (deciding);
  const json_t *deployment =
      deciding_proved_deployment (deciding, deciding->step->began.boot_us, &next);
  if (!deployment)
    return next;
  const char *empty = deployment_empty (deployment);
  if (nothing_is_there (deciding, deployment))
    return deciding_run_refused (
        empty ? empty
              : "none of the site's services has an instance there, not "
                "even a stopped one; correct the site file's platform (its "
                "project, above all) and services");
  g_autoptr (Ledger) ledger = record_ledger (deciding, deployment, wanted);
  json_auto_t *unread = wanted & RECORD_VERSION ? json_object () : NULL;
  char *waiting = unread ? versions_read (deciding, deployment, ledger, unread) : NULL;
  if (waiting)
    return deciding_rest (deciding, waiting);
  json_t *data = json_pack ("{s:s, s:o}", "step", deciding->step->id, "ledger",
                            ledger_to_json (ledger));
  if (unread)
    json_object_set (data, "unread", unread);
  if (deployment_unlisted (deployment))
    json_object_set (data, "unlisted", (json_t *)deployment_unlisted (deployment));
  return deciding_event (event_new (EVENT_STEP_RECORDED, data));
}
