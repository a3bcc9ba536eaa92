/* scale.c: brings a service to a number of instances; to zero is stopping it. */
#include "core/actions/actions.h"

#include <stddef.h>

#include "core/run/deployment.h"

static const char *const to_words[] = { "recorded", NULL };

static const Field fields[] = {
  { .name = "service",
    .type = FIELD_SERVICE,
    .offset = offsetof (ActionScaleSettings, service),
    .flags = FIELD_REQUIRED,
    .help = "The service to scale" },
  { .name = "to",
    .type = FIELD_AMOUNT,
    .offset = offsetof (ActionScaleSettings, to),
    .max = 1000,
    .choices = to_words,
    .help = "How many instances there shall be" },
  { .name = "by",
    .type = FIELD_COUNT,
    .offset = offsetof (ActionScaleSettings, by),
    .min = 1,
    .max = 100,
    .help = "How many more instances there shall be" },
  { .name = "grace",
    .type = FIELD_DURATION,
    .offset = offsetof (ActionScaleSettings, grace_us),
    .max = 3600 * (gint64)G_USEC_PER_SEC,
    .help = "How long an instance may take to stop before it is killed" },
  { 0 },
};

static char *
complain (const void *data)
{
  const ActionScaleSettings *settings = data;
  gboolean has_to = settings->to.type != AMOUNT_UNSET;
  gboolean has_by = settings->by != FIELD_UNSET;
  if (has_to != has_by)
    return NULL;
  return g_strdup (has_to
                       ? "`to` and `by` cannot both be said; keep one"
                       : "how many is missing; say `to: 0`, `to: recorded` or `by: 2`");
}

static gboolean
is_stop (const ActionScaleSettings *settings)
{
  return settings->to.type == AMOUNT_NUMBER && settings->to.number == 0;
}

static char *
implied_until (const void *data)
{
  const ActionScaleSettings *settings = data;
  if (is_stop (settings))
    return g_strdup_printf ("service: {name: %s, running: 0}", settings->service);
  if (settings->to.type == AMOUNT_NUMBER)
    return g_strdup_printf ("service: {name: %s, ready: %" G_GINT64_FORMAT "}",
                            settings->service, settings->to.number);
  return g_strdup_printf ("service: {name: %s, ready: %s}", settings->service,
                          settings->to.type == AMOUNT_RECORDED ? "recorded" : "planned");
}

static char *
implied_undo (const void *data)
{
  const ActionScaleSettings *settings = data;
  if (is_stop (settings))
    return g_strdup_printf ("scale: {service: %s, to: recorded}", settings->service);
  if (settings->to.type == AMOUNT_RECORDED)
    return g_strdup_printf ("scale: {service: %s, to: 0}", settings->service);
  return NULL;
}

/* What was recorded of a service of ours, else what the site says it should have. */
static gboolean
recorded_count (const PlanContext *context, const SiteService *service, gint64 *to,
                GError **error)
{
  const LedgerEntry *entry =
      context->ledger ? ledger_get (context->ledger, service->name) : NULL;
  if (entry && !entry->managed)
    *to = entry->count;
  else if (service->replicas != FIELD_UNSET)
    *to = service->replicas;
  else {
    g_set_error (
        error, PLAN_ERROR, PLAN_ERROR_IMPOSSIBLE,
        "no count was recorded for %s; run shutdown first, give --after RUN, or set "
        "replicas in the site file",
        service->name);
    return FALSE;
  }
  return TRUE;
}

static gboolean
wanted_count (const ActionScaleSettings *settings, const PlanContext *context,
              const SiteService *service, gint64 before, gint64 *to, GError **error)
{
  if (settings->to.type == AMOUNT_RECORDED)
    return recorded_count (context, service, to, error);
  *to = settings->to.type == AMOUNT_NUMBER ? settings->to.number : before + settings->by;
  return TRUE;
}

static const char *const *
services (const void *data)
{
  const ActionScaleSettings *settings = data;
  return (const char *const *)&settings->service;
}

static void
describe (Plan *plan, const ActionScaleSettings *settings, gint64 before, gint64 to)
{
  const char *name = settings->service;
  const char *note = settings->to.type == AMOUNT_RECORDED && to == 0
                         ? " (zero is what was recorded)"
                         : "";
  plan->word = g_strdup (name);
  json_object_set_new (plan->prior, name, json_integer (before));
  json_object_set_new (plan->planned, name, json_integer (to));
  plan->restores = settings->to.type == AMOUNT_RECORDED;
  if (before == to)
    plan->change = g_strdup_printf ("%s: %" G_GINT64_FORMAT " already%s", name, to, note);
  else {
    plan->change = g_strdup_printf ("%s: %" G_GINT64_FORMAT " → %" G_GINT64_FORMAT "%s",
                                    name, before, to, note);
    plan->way_back = g_strdup_printf ("scale %s to %" G_GINT64_FORMAT, name, before);
  }
}

/* Whole seconds, rounded up: never less than what was asked for. */
static gint64
grace_seconds (const ActionScaleSettings *settings)
{
  if (settings->grace_us == FIELD_UNSET)
    return -1;
  return (settings->grace_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;
}

static Plan *
make_plan (const void *data, const PlanContext *context, GError **error)
{
  const ActionScaleSettings *settings = data;
  const SiteService *service = plan_service (context, settings->service, error);
  gint64 to = 0;
  if (!service)
    return NULL;
  if (service->managed)
    return plan_new_instruction (service, "scale", "do there what this step needs");
  gint64 before = deployment_running (context->deployment, service->name);
  if (!wanted_count (settings, context, service, before, &to, error))
    return NULL;
  g_autoptr (Plan) plan = plan_new ();
  describe (plan, settings, before, to);
  if (before != to &&
      !context->platform->scale (context->site, context->deployment, service, to,
                                 grace_seconds (settings), plan, error))
    return NULL;
  return g_steal_pointer (&plan);
}

const ActionKind action_scale = {
  .spec = { .name = "scale",
            .help = "Bring a service to a number of instances; to zero stops it",
            .fields = fields,
            .size = sizeof (ActionScaleSettings),
            .complain = complain,
            .implied_until = implied_until,
            .implied_undo = implied_undo,
            .services = services },
  .looks = TRUE,
  .plan = make_plan,
};
