/* Which commands show the last log lines of the services. */
#include <string.h>

#include "tui/load.h"
#include "tui/run/logs.h"

typedef struct {
  RunState *state;
  RunModel *model;
} Fixture;

static void
set_up (Fixture *fixture, const void *data)
{
  (void)data;
  fixture->state = state_new ();
  fixture->model = run_model_new (fixture->state, "/nowhere");
}

static void
tear_down (Fixture *fixture, const void *data)
{
  (void)data;
  run_model_free (fixture->model);
  state_free (fixture->state);
}

static char *
data_file (const char *name)
{
  return g_test_build_filename (G_TEST_DIST, "tests", "unit", "data", "screen-run", name,
                                NULL);
}

static void
set_written (Fixture *fixture)
{
  g_autofree char *runbook_file = data_file ("shutdown.yaml");
  g_autofree char *site_file = data_file ("prod.yaml");
  g_autoptr (Problems) problems = problems_new ();
  Site *site = load_site (site_file, NULL, problems);
  Runbook *runbook = load_runbook (runbook_file, site, NULL, problems);
  g_assert_cmpuint (problems_count (problems), ==, 0);
  run_model_set_written (fixture->model, runbook, site);
}

static void
tell (Fixture *fixture, EventType type, json_t *members)
{
  g_autoptr (Event) event = event_new (type, members);
  g_autoptr (GError) error = NULL;
  event->number = fixture->state->number + 1;
  state_apply (fixture->state, event, &error);
  g_assert_no_error (error);
  run_model_event (fixture->model, event);
}

/* At the step that stops tines-app: there are steps before it in the file, and the state
 * has the same ones. */
static void
begin (Fixture *fixture)
{
  static const char *const ids[] = { "backup", "stop-nginx", "stop-app" };
  json_t *steps = json_array ();
  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    json_array_append_new (steps, json_pack ("{ss ss}", "id", ids[i], "title", ids[i]));
  tell (fixture, EVENT_RUN_BEGAN,
        json_pack ("{si ss ss s{ss} s[] s{ss} s{} sb ss si ss si ss so}", "format", 1,
                   "program", "0", "run", "r", "runbook", "name", "shutdown", "sources",
                   "site", "name", "prod", "settings", "practice", FALSE, "host", "h",
                   "uid", 1, "user", "u", "pid", 1, "boot", "b", "steps", steps));
  for (gsize i = 0; i + 1 < G_N_ELEMENTS (ids); i++)
    tell (fixture, EVENT_STEP_SKIPPED,
          json_pack ("{ss ss ss}", "step", ids[i], "by", "when", "reason", "no"));
  tell (fixture, EVENT_STEP_BEGAN,
        json_pack ("{ss ss}", "step", "stop-app", "title", "t"));
}

static void
ask (Fixture *fixture)
{
  tell (fixture, EVENT_STEP_FAILED,
        json_pack ("{ss ss}", "step", "stop-app", "reason", "no"));
  tell (fixture, EVENT_ASKED,
        json_pack ("{si ss ss ss ss ss ss s[{s[ss] ss}]}", "question", 1, "kind",
                   "failed", "step", "stop-app", "purpose", "do", "text", "t", "digest",
                   "", "takes", "", "logs", "argv", "docker", "logs a", "directory",
                   "/opt"));
}

static void
see (Fixture *fixture)
{
  Moment now = { 1, 1 };
  g_autoptr (Reading) reading =
      reading_new ("platform", now, now, NULL,
                   json_pack ("{s{} ss}", "services", "tool", "docker compose"));
  json_auto_t *message =
      json_pack ("{ss so}", "live", "reading", "reading", reading_to_json (reading));
  g_assert_true (run_model_live (fixture->model, message, 1));
}

/* Nothing is known, then what the question has, which is others' word. */
static void
test_asked (Fixture *fixture, const void *data)
{
  (void)data;
  begin (fixture);
  g_autoptr (GPtrArray) none = logs_of (fixture->model);
  g_assert_cmpuint (none->len, ==, 0);
  ask (fixture);
  g_autoptr (GPtrArray) logs = logs_of (fixture->model);
  g_assert_cmpuint (logs->len, ==, 1);
  const LogOf *log = g_ptr_array_index (logs, 0);
  g_assert_null (log->service);
  g_assert_cmpstr (log->text, ==, "docker 'logs a'");
  g_assert_cmpstr (log->directory, ==, "/opt");
  g_assert_true (log->at_hand);
  g_assert_false (log->ours);
}

/* Those of the site, the one that the step is about first, those that are not ours not. */
static void
test_site (Fixture *fixture, const void *data)
{
  (void)data;
  begin (fixture);
  ask (fixture);
  set_written (fixture);
  see (fixture);
  g_autoptr (GPtrArray) logs = logs_of (fixture->model);
  g_autoptr (GString) names = g_string_new (NULL);
  for (guint i = 0; i < logs->len; i++) {
    const LogOf *log = g_ptr_array_index (logs, i);
    g_string_append_printf (names, "%s%s ", log->service, log->at_hand ? "*" : "");
    g_assert_true (log->ours);
  }
  g_assert_cmpstr (names->str, ==,
                   "tines-app* nginx tines-sidekiq tines-command-runner pypi-server ");
  const LogOf *first = g_ptr_array_index (logs, 0);
  g_assert_cmpstr (first->text, ==,
                   "docker compose -p tines logs --tail 200 --no-color tines-app");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/logs/asked", Fixture, NULL, set_up, test_asked, tear_down);
  g_test_add ("/logs/site", Fixture, NULL, set_up, test_site, tear_down);
  return g_test_run ();
}
