/* quiet.c: job workers take no new jobs and finish what they have begun. Sidekiq reads
 * signals to itself from a list in Redis; its own web page quiets it by this. */
#include "core/actions/actions.h"

#include <stddef.h>
#include <string.h>

#include "core/base/text.h"
#include "core/run/redis_cli.h"
#include "core/run/workers.h"

#define SECTION "redis"

/* Procedure time between two readings, and machine time one may take. */
#define INTERVAL_US (2 * G_USEC_PER_SEC)
#define LIMIT_US (5 * G_USEC_PER_SEC)

/* HOST:PID:TOKEN; a host name has at most 64 bytes. */
#define NAME_BYTES_MAX 128

/* Two commands for each; more workers are none of a deployment that one person stops. */
#define WORKERS_MAX 500

/* A signal that nobody takes is to be gone before the next worker of that name comes. */
#define SIGNAL_LIFE_S "60"

/* Stands for a worker's name where none is known. */
#define ANY_NAME "HOST:PID:TOKEN"

static const Field fields[] = {
  { .name = "service",
    .type = FIELD_SERVICE,
    .offset = offsetof (ActionQuietSettings, service),
    .flags = FIELD_REQUIRED,
    .help = "The service whose workers shall take no new jobs" },
  { 0 },
};

/* Of the service: one of its instances that is not heard of, frozen perhaps, is none that
 * is quiet. */
static char *
implied_until (const void *data)
{
  const ActionQuietSettings *settings = data;
  return g_strdup_printf ("queues: {quiet: all, of: %s}", settings->service);
}

static char *
implied_undo (const void *data)
{
  const ActionQuietSettings *settings = data;
  return g_strdup_printf ("restart: %s", settings->service);
}

static const char *const *
services (const void *data)
{
  const ActionQuietSettings *settings = data;
  return (const char *const *)&settings->service;
}

static const char *
section (const void *data)
{
  (void)data;
  return SECTION;
}

static Request *
reads (const void *data)
{
  (void)data;
  return request_queues (SECTION, INTERVAL_US, LIMIT_US);
}

/* ---- who is there --------------------------------------------------------- */

static gboolean
is_name (const char *name)
{
  gsize length = strlen (name);
  return length > 0 && length <= NAME_BYTES_MAX && *name != '-' &&
         strspn (name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                       "0123456789._:-") == length;
}

static gboolean
check_names (const Workers *workers, GError **error)
{
  if (workers->loud->len > WORKERS_MAX) {
    g_set_error (error, PLAN_ERROR, PLAN_ERROR_IMPOSSIBLE,
                 "%s has %u workers, more than %d; scale it down first", workers->service,
                 workers->loud->len, WORKERS_MAX);
    return FALSE;
  }
  for (guint i = 0; i < workers->loud->len; i++)
    if (!is_name (workers->loud->pdata[i])) {
      g_autofree char *shown = text_printable (workers->loud->pdata[i], -1);
      g_autofree char *cut = text_cut_middle (shown, NAME_BYTES_MAX);
      g_set_error (error, PLAN_ERROR, PLAN_ERROR_IMPOSSIBLE,
                   "a worker of %s calls itself \"%s\", which is no HOST:PID:TOKEN; send "
                   "it TSTP where it runs",
                   workers->service, cut);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_workers (const Workers *workers, const Site *site, GError **error)
{
  g_autofree char *problem = workers_problem (workers, site, SECTION);
  if (!problem)
    return check_names (workers, error);
  if (workers->foreign || workers->overdue)
    g_set_error_literal (error, PLAN_ERROR, PLAN_ERROR_REFUSED, problem);
  else /* right after a start that is as it should be */
    g_set_error (error, PLAN_ERROR, PLAN_ERROR_IMPOSSIBLE,
                 "%s; look at its log, and retry once it is up", problem);
  return FALSE;
}

/* ---- the plan ------------------------------------------------------------- */

static gboolean
add_signal (Plan *plan, const Site *site, const char *name, GError **error)
{
  g_autofree char *list = g_strconcat (name, "-signals", NULL);
  const char *const push[] = { "LPUSH", list, "TSTP", NULL };
  const char *const expire[] = { "EXPIRE", list, SIGNAL_LIFE_S, NULL };
  return redis_cli_add (plan, site, SECTION, push, error) &&
         redis_cli_add (plan, site, SECTION, expire, error);
}

static char *
change_of (const Workers *workers)
{
  guint all = workers->names->len;
  guint already = all - workers->loud->len;
  GString *change = g_string_new (workers->service);
  if (all == 0)
    g_string_append (change, ": no worker is there");
  else if (all == 1)
    g_string_append (change, ": its only worker takes no new jobs");
  else
    g_string_append_printf (change, ": %u of %u workers take no new jobs", all, all);
  if (all > 0 && already == all)
    g_string_append (change, " already");
  else if (already > 0)
    g_string_append_printf (change, " (%u already)", already);
  if (workers->running > workers->reporting)
    g_string_append_printf (change, "; %u of %u instances report (not %s)",
                            workers->reporting, workers->running, workers->silent);
  return g_string_free (change, FALSE);
}

static void
describe (Plan *plan, const Workers *workers)
{
  json_t *names = json_array ();
  for (guint i = 0; i < workers->names->len; i++)
    json_array_append_new (names, json_string (workers->names->pdata[i]));
  json_object_set_new (plan->prior, workers->service, names);
  plan->change = change_of (workers);
}

static gboolean
plan_by_reading (Plan *plan, const PlanContext *context, const char *service,
                 GError **error)
{
  g_auto (Workers) workers = { 0 };
  workers_find (&workers, context->site, context->deployment, service, context->reading);
  if (!check_workers (&workers, context->site, error))
    return FALSE;
  for (guint i = 0; i < workers.loud->len; i++)
    if (!add_signal (plan, context->site, workers.loud->pdata[i], error))
      return FALSE;
  describe (plan, &workers);
  return TRUE;
}

/* Without a reading, for people who will see the names themselves. */
static gboolean
plan_by_example (Plan *plan, const PlanContext *context, const char *service,
                 GError **error)
{
  static const char *const names[] = { "SMEMBERS", "processes", NULL };
  plan->change = g_strdup_printf (
      "%s: its workers take no new jobs (LPUSH and EXPIRE for each name that SMEMBERS "
      "lists)",
      service);
  return redis_cli_add (plan, context->site, SECTION, names, error) &&
         add_signal (plan, context->site, ANY_NAME, error);
}

static Plan *
make_plan (const void *data, const PlanContext *context, GError **error)
{
  const ActionQuietSettings *settings = data;
  const char *name = settings->service;
  const SiteService *service = plan_service (context, name, error);
  if (!service)
    return NULL;
  if (service->managed)
    return plan_new_instruction (service, "quiet", "have its workers take no new jobs");
  g_autoptr (Plan) plan = plan_new ();
  plan->word = g_strdup (name);
  gboolean planned = context->reading ? plan_by_reading (plan, context, name, error)
                                      : plan_by_example (plan, context, name, error);
  if (plan->commands->len > 0)
    plan->way_back = g_strdup_printf ("restart %s (nothing else takes it back)", name);
  return planned ? g_steal_pointer (&plan) : NULL;
}

const ActionKind action_quiet = {
  .spec = { .name = "quiet",
            .help = "Let job workers finish what they have begun and take no new jobs; "
                    "only a restart takes it back",
            .fields = fields,
            .size = sizeof (ActionQuietSettings),
            .shorthand = "service",
            .implied_until = implied_until,
            .implied_undo = implied_undo,
            .services = services,
            .section = section },
  .looks = TRUE,
  .reads = reads,
  .plan = make_plan,
};
