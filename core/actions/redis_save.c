/* redis_save.c: has Redis write all that it holds to its disk, and waits for it. */
#include "core/actions/actions.h"

#include <stddef.h>

#include "core/run/redis_cli.h"

static const char *const servers[] = { "current", "new", NULL };
static const char *const sections[] = { "redis", "redis-new" };

static const Field fields[] = {
  { .name = "server",
    .type = FIELD_CHOICE,
    .offset = offsetof (ActionRedisSaveSettings, server),
    .fallback = "current",
    .choices = servers,
    .help = "Which of the site file's: redis or redis-new" },
  { 0 },
};

static const char *
section (const void *data)
{
  const ActionRedisSaveSettings *settings = data;
  return sections[settings->server];
}

static char *
implied_until (const void *data)
{
  const ActionRedisSaveSettings *settings = data;
  return g_strdup (settings->server == 0 ? "redis: {keeps-data: true}"
                                         : "redis: {server: new, keeps-data: true}");
}

/* SAVE and not BGSAVE: it answers when the snapshot is on disk, and that it serves nobody
 * meanwhile does no harm once all who use it are stopped. */
static Plan *
make_plan (const void *data, const PlanContext *context, GError **error)
{
  static const char *const words[] = { "SAVE", NULL };
  const char *name = section (data);
  g_autoptr (Plan) plan = plan_new ();
  if (!redis_cli_add (plan, context->site, name, words, error))
    return NULL;
  g_autofree char *target = site_redis_address (context->site, name);
  plan->word = g_strdup (name);
  plan->change = g_strdup_printf ("%s: a snapshot of all it holds", target);
  plan->way_back = g_strdup ("none is needed: it takes nothing away");
  return g_steal_pointer (&plan);
}

const ActionKind action_redis_save = {
  .spec = { .name = "redis-save",
            .help = "Have Redis write a snapshot of all it holds; it serves nobody "
                    "meanwhile",
            .fields = fields,
            .size = sizeof (ActionRedisSaveSettings),
            .shorthand = "server",
            .implied_until = implied_until,
            .section = section },
  .plan = make_plan,
};
