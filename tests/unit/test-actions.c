#include "core/actions/actions.h"
#include "tests/unit/kinds.h"

/* A platform that says what it was asked for. */
static gboolean
fake_scale (const Site *site, const json_t *deployment, const SiteService *service,
            gint64 to, gint64 grace_s, Plan *plan, GError **error)
{
  g_autofree char *count = g_strdup_printf ("%" G_GINT64_FORMAT, to);
  g_autofree char *grace = g_strdup_printf ("%" G_GINT64_FORMAT, grace_s);
  const char *const argv[] = { "scale", service->service, count, grace, NULL };
  (void)site;
  (void)deployment;
  if (to == 99) {
    g_set_error (error, PLAN_ERROR, PLAN_ERROR_IMPOSSIBLE, "too many");
    return FALSE;
  }
  plan_add_command (plan, argv, NULL);
  return TRUE;
}

static gboolean
fake_restart (const Site *site, const json_t *deployment, const SiteService *service,
              Plan *plan, GError **error)
{
  const char *const argv[] = { "restart", service->service, NULL };
  (void)site;
  (void)deployment;
  (void)error;
  plan_add_command (plan, argv, NULL);
  return TRUE;
}

static const PlatformKind platform = { .spec = { .name = "bench" },
                                       .scale = fake_scale,
                                       .restart = fake_restart };

typedef struct {
  Site *site;
  Ledger *ledger;
  json_t *deployment;
  PlanContext context;
} Bed;

static void
bed_open (Bed *bed)
{
  bed->site = make_site (&platform, NULL);
  bed->ledger = ledger_new ();
  bed->deployment =
      json_of ("{'services':{'app':{'instances':[{'running':true},"
               "{'running':true}]},'idle':{'instances':[{'running':false}]}}}");
  add_service (bed->site, "app", "tines-app", NULL);
  add_service (bed->site, "idle", "idle", NULL);
  add_service (bed->site, "unrecorded", "unrecorded", NULL);
  add_service (bed->site, "known", "known", NULL)->replicas = 4;
  add_service (bed->site, "redis", "redis", "ElastiCache tines-redis");
  ledger_record (bed->ledger, "app", 3, NULL, FALSE);
  ledger_record (bed->ledger, "idle", 0, NULL, FALSE);
  bed->context = (PlanContext){ .site = bed->site,
                                .platform = &platform,
                                .deployment = bed->deployment,
                                .ledger = bed->ledger };
}

static void
bed_close (Bed *bed)
{
  json_decref (bed->deployment);
  ledger_free (bed->ledger);
  free_site (bed->site);
}

/* `line`: the command; "" none. `change` of an error begins with "!". */
typedef struct {
  const char *service;
  Amount to;
  gint64 by, grace_us;
  const char *line, *change, *way_back;
} Row;

#define NONE FIELD_UNSET
static const Row rows[] = {
  { "app",
    { AMOUNT_NUMBER, 0 },
    NONE,
    NONE,
    "scale tines-app 0 -1",
    "app: 2 → 0",
    "scale app to 2" },
  { "app",
    { AMOUNT_NUMBER, 0 },
    NONE,
    60 * SECOND,
    "scale tines-app 0 60",
    "app: 2 → 0",
    "scale app to 2" },
  { "app",
    { AMOUNT_NUMBER, 0 },
    NONE,
    SECOND / 2,
    "scale tines-app 0 1",
    "app: 2 → 0",
    "scale app to 2" },
  { "app", { AMOUNT_NUMBER, 2 }, NONE, NONE, "", "app: 2 already", NULL },
  { "app",
    { AMOUNT_RECORDED, 0 },
    NONE,
    NONE,
    "scale tines-app 3 -1",
    "app: 2 → 3",
    "scale app to 2" },
  { "app",
    { AMOUNT_UNSET, 0 },
    2,
    NONE,
    "scale tines-app 4 -1",
    "app: 2 → 4",
    "scale app to 2" },
  { "app", { AMOUNT_NUMBER, 99 }, NONE, NONE, "", "!too many", NULL },
  { "idle", { AMOUNT_NUMBER, 0 }, NONE, NONE, "", "idle: 0 already", NULL },
  { "idle",
    { AMOUNT_RECORDED, 0 },
    NONE,
    NONE,
    "",
    "idle: 0 already (zero is what was recorded)",
    NULL },
  { "known",
    { AMOUNT_RECORDED, 0 },
    NONE,
    NONE,
    "scale known 4 -1",
    "known: 0 → 4",
    "scale known to 0" },
  { "unrecorded",
    { AMOUNT_RECORDED, 0 },
    NONE,
    NONE,
    "",
    "!no count was recorded for unrecorded; run shutdown first",
    NULL },
  { "nobody", { AMOUNT_NUMBER, 0 }, NONE, NONE, "", "!no service nobody", NULL },
};

static void
assert_plan (const Row *row, const Plan *plan, const GError *error)
{
  if (*row->change == '!') {
    g_assert_null (plan);
    g_assert_true (g_error_matches (error, PLAN_ERROR, PLAN_ERROR_IMPOSSIBLE));
    g_assert_nonnull (strstr (error->message, row->change + 1));
    return;
  }
  g_assert_no_error (error);
  g_assert_cmpstr (plan->change, ==, row->change);
  g_assert_cmpstr (plan->way_back, ==, row->way_back);
  g_assert_cmpstr (plan->word, ==, row->service);
  g_assert_cmpint (plan->restores, ==, row->to.type == AMOUNT_RECORDED);
  g_assert_cmpuint (plan->commands->len, ==, *row->line ? 1 : 0);
  g_assert_nonnull (json_object_get (plan->prior, row->service));
  g_assert_nonnull (json_object_get (plan->planned, row->service));
  if (*row->line) {
    const Command *command = plan->commands->pdata[0];
    g_autofree char *line = g_strjoinv (" ", command->argv);
    g_assert_cmpstr (line, ==, row->line);
  }
}

static void
test_scale (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    ActionScaleSettings settings = { .service = (char *)rows[i].service,
                                     .to = rows[i].to,
                                     .by = rows[i].by,
                                     .grace_us = rows[i].grace_us };
    Bed bed;
    g_autoptr (GError) error = NULL;
    bed_open (&bed);
    g_autoptr (Plan) plan = action_scale.plan (&settings, &bed.context, &error);
    assert_plan (&rows[i], plan, error);
    bed_close (&bed);
  }
}

static void
test_implied (void)
{
  static const struct {
    Amount to;
    const char *until, *undo;
  } implied[] = {
    { { AMOUNT_NUMBER, 0 },
      "service: {name: app, running: 0}",
      "scale: {service: app, to: recorded}" },
    { { AMOUNT_NUMBER, 2 }, "service: {name: app, ready: 2}", NULL },
    { { AMOUNT_RECORDED, 0 },
      "service: {name: app, ready: recorded}",
      "scale: {service: app, to: 0}" },
    { { AMOUNT_UNSET, 0 }, "service: {name: app, ready: planned}", NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (implied); i++) {
    ActionScaleSettings settings = { .service = (char *)"app",
                                     .to = implied[i].to,
                                     .by = 1 };
    g_autofree char *until = action_scale.spec.implied_until (&settings);
    g_autofree char *undo = action_scale.spec.implied_undo (&settings);
    g_assert_cmpstr (until, ==, implied[i].until);
    g_assert_cmpstr (undo, ==, implied[i].undo);
    g_assert_cmpstr (action_scale.spec.services (&settings)[0], ==, "app");
    g_assert_null (action_scale.spec.services (&settings)[1]);
  }
}

static void
test_complain (void)
{
  ActionScaleSettings settings = { .by = FIELD_UNSET };
  g_autofree char *none = action_scale.spec.complain (&settings);
  settings.by = 1;
  g_assert_null (action_scale.spec.complain (&settings));
  settings.to.type = AMOUNT_NUMBER;
  g_autofree char *both = action_scale.spec.complain (&settings);
  g_assert_nonnull (strstr (none, "how many is missing"));
  g_assert_nonnull (strstr (both, "keep one"));
}

static void
test_managed (void)
{
  ActionScaleSettings scale = {
    .service = (char *)"redis", .to = { AMOUNT_NUMBER, 0 }, .by = NONE, .grace_us = NONE
  };
  ActionRestartSettings restart = { .service = (char *)"redis" };
  Bed bed;
  bed_open (&bed);
  g_autoptr (Plan) plan = action_scale.plan (&scale, &bed.context, NULL);
  g_autoptr (Plan) other = action_restart.plan (&restart, &bed.context, NULL);
  g_assert_cmpstr (
      plan->instruction, ==,
      "redis is not ours to scale (ElastiCache tines-redis): do there what this "
      "step needs, then say what was done");
  g_assert_cmpuint (plan->commands->len, ==, 0);
  g_assert_nonnull (strstr (other->instruction, "not ours to restart"));
  bed_close (&bed);
}

static void
test_restart (void)
{
  ActionRestartSettings app = { .service = (char *)"app" };
  ActionRestartSettings idle = { .service = (char *)"idle" };
  g_autoptr (GError) error = NULL;
  Bed bed;
  bed_open (&bed);
  g_autoptr (Plan) plan = action_restart.plan (&app, &bed.context, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (plan->change, ==, "app: restart of 2");
  g_assert_cmpint (json_integer_value (json_object_get (plan->planned, "app")), ==, 2);
  g_assert_cmpstr (((Command *)plan->commands->pdata[0])->argv[1], ==, "tines-app");
  g_assert_null (action_restart.plan (&idle, &bed.context, &error));
  g_assert_nonnull (strstr (error->message, "nothing to restart"));
  bed_close (&bed);
}

static void
test_run (void)
{
  char *argv[] = { (char *)"make", (char *)"the tea", NULL };
  ActionRunSettings settings = { .argv = argv, .directory = (char *)"/srv" };
  PlanContext context = { 0 };
  g_autoptr (Plan) plan = action_run.plan (&settings, &context, NULL);
  const Command *command = plan->commands->pdata[0];
  g_assert_cmpstr (plan->change, ==, "run make 'the tea'");
  g_assert_cmpstr (plan->word, ==, "");
  g_assert_null (plan->way_back);
  g_assert_cmpstr (command->argv[1], ==, "the tea");
  g_assert_cmpstr (command->directory, ==, "/srv");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/actions/scale", test_scale);
  g_test_add_func ("/actions/implied", test_implied);
  g_test_add_func ("/actions/complain", test_complain);
  g_test_add_func ("/actions/managed", test_managed);
  g_test_add_func ("/actions/restart", test_restart);
  g_test_add_func ("/actions/run", test_run);
  return g_test_run ();
}
