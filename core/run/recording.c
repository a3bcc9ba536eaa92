/* `record`: what was is written down once, before anything is changed. */
#include <string.h>

#include "core/run/deciding.h"
#include "core/run/deployment.h"

/* What `record` writes down of a look. */
static json_t *
record_ledger (const Deciding *deciding, const json_t *deployment, RecordFlags wanted)
{
  g_autoptr (Ledger) ledger = ledger_new ();
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
  return ledger_to_json (ledger);
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
  json_t *data = json_pack ("{s:s, s:o}", "step", deciding->step->id, "ledger",
                            record_ledger (deciding, deployment, wanted));
  return deciding_event (event_new (EVENT_STEP_RECORDED, data));
}
