/* restart.c: stops and starts every instance of a service. */
#include "core/actions/actions.h"

#include <stddef.h>

#include "core/run/deployment.h"

static const Field fields[] = {
  { .name = "service",
    .type = FIELD_SERVICE,
    .offset = offsetof (ActionRestartSettings, service),
    .flags = FIELD_REQUIRED,
    .help = "The service to restart" },
  { 0 },
};

static char *
implied_until (const void *data)
{
  const ActionRestartSettings *settings = data;
  return g_strdup_printf ("service: {name: %s, ready: planned}", settings->service);
}

static const char *const *
services (const void *data)
{
  const ActionRestartSettings *settings = data;
  return (const char *const *)&settings->service;
}

static Plan *
make_plan (const void *data, const PlanContext *context, GError **error)
{
  const ActionRestartSettings *settings = data;
  const char *name = settings->service;
  const SiteService *service = plan_service (context, name, error);
  if (!service)
    return NULL;
  if (service->managed)
    return plan_new_instruction (service, "restart", "restart it there");
  gint64 running = deployment_running (context->deployment, name);
  if (running == 0) {
    g_set_error (
        error, PLAN_ERROR, PLAN_ERROR_IMPOSSIBLE,
        "no instance of %s is running, so there is nothing to restart; scale it up "
        "instead",
        name);
    return NULL;
  }
  g_autoptr (Plan) plan = plan_new ();
  plan->word = g_strdup (name);
  plan->change = g_strdup_printf ("%s: restart of %" G_GINT64_FORMAT, name, running);
  json_object_set_new (plan->prior, name, json_integer (running));
  json_object_set_new (plan->planned, name, json_integer (running));
  if (!context->platform->restart (context->site, context->deployment, service, plan,
                                   error))
    return NULL;
  return g_steal_pointer (&plan);
}

const ActionKind action_restart = {
  .spec = { .name = "restart",
            .help = "Stop and start every instance of a service",
            .fields = fields,
            .size = sizeof (ActionRestartSettings),
            .shorthand = "service",
            .implied_until = implied_until,
            .services = services },
  .looks = TRUE,
  .plan = make_plan,
};
