/* What the plan of a runbook says before and after a look at the site, and what it makes of
 * values and of mistakes; looks are made by hand. */
#include <string.h>

#include "tests/unit/program.h"
#include "tui/home/plan_page.h"
#include "tui/home/plan_rows.h"

static Home home;

#define RUNBOOK                                              \
  "handrail: 1\n"                                            \
  "title: Stop the shop\n"                                   \
  "about: In the order that loses nothing.\n"                \
  "vars:\n"                                                  \
  "  ticket: { type: word, about: Which ticket this is }\n"  \
  "  many: { type: count, default: 5, max: 9 }\n"            \
  "steps:\n"                                                 \
  "  - id: stop-web\n"                                       \
  "    title: Stop web\n"                                    \
  "    why: It makes work.\n"                                \
  "    do: { scale: { service: web, to: 0 } }\n"             \
  "  - id: stop-worker\n"                                    \
  "    title: Stop worker\n"                                 \
  "    require:\n"                                           \
  "      - service: { name: web, running: 0 }\n"             \
  "      - tcp: { address: 'localhost:1' }\n"                \
  "    confirm: type\n"                                      \
  "    do: { scale: { service: worker, to: 0 } }\n"          \
  "    during: [ { service: { name: web, running: 0 } } ]\n" \
  "  - id: stop-database\n"                                  \
  "    title: Stop the database\n"                           \
  "    do: { scale: { service: database, to: 0 } }\n"        \
  "  - id: stop-cache\n"                                     \
  "    title: Stop the cache\n"                              \
  "    when: { service: cache }\n"                           \
  "    do: { scale: { service: cache, to: 0 } }\n"

#define SITE                                   \
  "handrail-site: 1\n"                         \
  "name: lab\n"                                \
  "production: %s\n"                           \
  "platform: { compose: { project: shop } }\n" \
  "services: { web: { replicas: 3 }, worker: {}, database: { managed: RDS } }\n"

static PlanModel *
model_of (const char *runbook, const char *production)
{
  g_autofree char *site = g_strdup_printf (SITE, production);
  home_put (&home, "book.yaml", runbook, 0600);
  home_put (&home, "lab.yaml", site, 0600);
  g_autofree char *runbook_file = g_build_filename (home.home, "book.yaml", NULL);
  g_autofree char *site_file = g_build_filename (home.home, "lab.yaml", NULL);
  PlanModel *model = plan_model_new (runbook_file, site_file);
  plan_model_load (model);
  return model;
}

static json_t *
instances (const char *service, guint running)
{
  json_t *list = json_array ();
  for (guint i = 0; i < MAX (running, 1); i++) {
    g_autofree char *name = g_strdup_printf ("shop-%s-%u", service, i + 1);
    json_array_append_new (list,
                           json_pack ("{ss ss ss sb sb si}", "id", name, "name", name,
                                      "state", running ? "running" : "exited", "running",
                                      running > 0, "settled", TRUE, "restarts", 0));
  }
  return json_pack ("{so}", "instances", list);
}

static gboolean
look (PlanModel *model, guint web, guint worker)
{
  static gint64 boot_us = G_USEC_PER_SEC;
  boot_us += G_USEC_PER_SEC;
  json_t *body =
      json_pack ("{s{} sI ss s{so so}}", "identity", "clock_us", (json_int_t)boot_us,
                 "tool", "docker compose", "services", "web", instances ("web", web),
                 "worker", instances ("worker", worker));
  const Moment at = { boot_us, boot_us };
  return plan_model_saw (model, reading_new ("platform", at, at, NULL, body));
}

static gboolean
look_fails (PlanModel *model, const char *why)
{
  const Moment at = { 1, 1 };
  return plan_model_saw (model, reading_new ("platform", at, at, why, NULL));
}

/* ---- what is seen of it ------------------------------------------------------------- */

/* `width`: without the column of the list's bar. */
static char *
rows_of (PlanModel *model, int width)
{
  int height = (int)plan_rows_count (model);
  g_autoptr (Canvas) canvas = canvas_new (width + 1, height, FALSE);
  Area area = canvas_area (canvas);
  for (guint row = 0; row < plan_rows_count (model); row++)
    plan_rows_draw (model, canvas, area_take_top (&area, 1), row);
  return canvas_dump (canvas);
}

static char *
drawn (const Page *page)
{
  g_autoptr (Canvas) canvas = canvas_new (60, 40, FALSE);
  page_draw (page, canvas, canvas_area (canvas), 0);
  char *seen = g_strchomp (canvas_dump (canvas));
  return seen;
}

static char *
step_of (PlanModel *model, guint index)
{
  g_autoptr (Page) page = page_new ();
  plan_page_step (page, model, index);
  return drawn (page);
}

static char *
about_of (const PlanModel *model)
{
  g_autoptr (Page) page = page_new ();
  plan_page_about (page, model);
  return drawn (page);
}

static void
test_rows (void)
{
  g_autoptr (PlanModel) model = model_of (RUNBOOK, "false");
  g_autofree char *before = rows_of (model, 36);
  g_assert_cmpstr (before, ==,
                   "… Not ready: something is missing\n"
                   "  ticket          missing\n"
                   "  many            5\n"
                   "\n"
                   "  1 Stop web                      →0\n"
                   "  2 Stop worker                   →0\n"
                   "  3 Stop the database        by hand\n"
                   "– 4 Stop the cache          left out\n");
  g_assert_true (look (model, 12, 0));
  g_autofree char *after = rows_of (model, 36);
  g_assert_nonnull (strstr (after, "  1 Stop web                    12→0\n"));
  g_assert_nonnull (strstr (after, "✔ 2 Stop worker                  0→0\n"));
}

/* What has not changed is not drawn again. */
static void
test_changes (void)
{
  g_autoptr (PlanModel) model = model_of (RUNBOOK, "false");
  g_assert_true (look (model, 2, 1));
  g_assert_false (look (model, 2, 1)); /* but for the clock */
  g_assert_true (look (model, 1, 1));
  g_assert_true (look_fails (model, "docker is gone"));
  g_assert_false (look_fails (model, "docker is gone"));
  g_assert_cmpstr (plan_model_trouble (model), ==, "docker is gone");
  g_assert_true (look (model, 1, 1));
  g_assert_null (plan_model_trouble (model));
}

static void
test_step (void)
{
  g_autoptr (PlanModel) model = model_of (RUNBOOK, "false");
  g_assert_null (plan_model_set (model, "ticket", "T-1"));
  g_assert_true (look (model, 2, 1));
  g_autofree char *seen = step_of (model, 1);
  g_assert_cmpstr (seen, ==,
                   "2. Stop worker\n"
                   "\n"
                   "id        stop-worker\n"
                   "require   web has none running\n"
                   "          … now web: 2 running, 0 wanted\n"
                   "          localhost:1 takes connections\n"
                   "confirm   type worker\n"
                   "do        scale: {service: worker, to: 0}\n"
                   "          worker: 1 → 0\n"
                   "          $ docker compose -p shop stop worker\n"
                   "during    web has none running\n"
                   "until     worker has none running, within 10m (implied)\n"
                   "          … now worker: 1 running, 0 wanted\n"
                   "undo      scale: {service: worker, to: recorded} (implied)\n"
                   "          worker: 0 → 1\n"
                   "          $ docker compose -p shop start worker");
  g_autofree char *commands = plan_page_commands (model, 1);
  g_assert_cmpstr (commands, ==, "docker compose -p shop stop worker");
  g_assert_true (look (model, 0, 1));
  g_autofree char *after = step_of (model, 1);
  g_assert_nonnull (strstr (after, "✔ web: 0 running"));
  g_assert_null (plan_page_commands (model, 2)); /* done by hand */
}

/* On a production site every answer is typed, and it has to prove what it is. */
static void
test_production (void)
{
  g_autoptr (PlanModel) model = model_of (RUNBOOK, "true");
  g_assert_null (plan_model_set (model, "ticket", "T-1"));
  g_autofree char *seen = step_of (model, 0);
  g_autofree char *about = about_of (model);
  g_assert_nonnull (strstr (seen, "confirm   type lab/web\n"));
  g_assert_nonnull (strstr (about, "the identity of lab"));
  g_assert_false (plan_model_is_fit (model));
}

static void
test_values (void)
{
  g_autoptr (PlanModel) model = model_of (RUNBOOK, "false");
  g_autofree char *about = about_of (model);
  g_assert_nonnull (strstr (about, "--set ticket=VALUE: Which ticket this is"));
  g_assert_false (plan_model_is_fit (model));
  g_autofree char *problem = plan_model_set (model, "many", "99");
  g_assert_nonnull (problem);
  g_assert_true (g_str_has_prefix (problem, "many "));
  g_assert_cmpuint (g_hash_table_size (plan_model_settings (model)), ==, 0);
  g_assert_null (plan_model_set (model, "many", "7"));
  g_assert_null (plan_model_set (model, "ticket", "T-1"));
  g_assert_true (plan_model_is_fit (model));
  g_assert_null (plan_model_set (model, "many", "")); /* as it was written */
  g_autofree char *shell = plan_page_shell (model);
  g_assert_cmpstr (shell, ==, "handrail run book --site lab --set ticket=T-1");
}

static void
test_problems (void)
{
  g_autoptr (PlanModel) model = model_of ("handrail: 1\ntitle: T\nstep: []\n", "false");
  g_assert_cmpuint (plan_model_problems (model)->len, >, 0);
  g_autofree char *about = about_of (model);
  g_autofree char *rows = rows_of (model, 36);
  g_assert_nonnull (strstr (about, "this is wrong in the files"));
  g_assert_nonnull (strstr (rows, "in the files"));
  g_assert_false (plan_model_is_fit (model));
  home_put (&home, "book.yaml", RUNBOOK, 0600); /* mended meanwhile */
  plan_model_load (model);
  g_assert_cmpuint (plan_model_problems (model)->len, ==, 0);
  home_put (&home, "lab.yaml", "nonsense: [", 0600);
  plan_model_load (model);
  g_assert_null (plan_model_runbook (model));
  g_assert_cmpuint (plan_rows_count (model), ==, 1);
  g_autofree char *nothing = rows_of (model, 36);
  g_assert_nonnull (strstr (nothing, "✖ 1 problem in the files"));
}

/* A password of the runbook's own URLs is on no page, of whatever step. */
static void
test_secrets (void)
{
  g_autoptr (PlanModel) model = model_of (
      "handrail: 1\ntitle: T\nsteps:\n"
      "  - id: a\n    title: A\n    do: { run: [curl, 'https://u:hunter22@h/'] }\n"
      "    until: [ { service: { name: web, running: 0 } } ]\n"
      "  - id: b\n    title: B\n    do: { run: [login, hunter22] }\n"
      "    until: [ { service: { name: web, running: 0 } } ]\n",
      "false");
  for (guint i = 0; i < 2; i++) {
    g_autofree char *seen = step_of (model, i);
    g_assert_nonnull (strstr (seen, i == 0 ? "curl" : "login"));
    g_assert_null (strstr (seen, "hunter22"));
  }
}

/* A plan of any length opens and scrolls as a short one: only what is seen is worked out. */
static void
test_long (void)
{
  g_autoptr (GString) runbook = g_string_new ("handrail: 1\ntitle: T\nsteps:\n");
  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (runbook,
                            "  - id: s%u\n    title: Step %u\n"
                            "    do: { scale: { service: web, to: 0 } }\n",
                            i, i);
  g_autoptr (PlanModel) model = model_of (runbook->str, "false");
  g_assert_cmpuint (plan_rows_count (model), ==, 5002);
  g_autoptr (Canvas) canvas = canvas_new (41, 1, FALSE);
  plan_rows_draw (model, canvas, canvas_area (canvas), 5001);
  g_autofree char *last = canvas_dump (canvas);
  g_assert_cmpstr (last, ==, "   5000 Step 4999                     →0\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  home_open (&home);
  g_test_add_func ("/plan/rows", test_rows);
  g_test_add_func ("/plan/changes", test_changes);
  g_test_add_func ("/plan/step", test_step);
  g_test_add_func ("/plan/production", test_production);
  g_test_add_func ("/plan/values", test_values);
  g_test_add_func ("/plan/problems", test_problems);
  g_test_add_func ("/plan/secrets", test_secrets);
  g_test_add_func ("/plan/long", test_long);
  int status = g_test_run ();
  home_close (&home);
  return status;
}
