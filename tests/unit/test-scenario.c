/* Practice scenarios as they are read; their mistakes are in test-problems. */
#include <string.h>

#include "core/runbook/scenario.h"

#define SECONDS(n) ((n) * (gint64)G_USEC_PER_SEC)

/* The folder that names are looked up in, below the root of the sources. */
static GBytes *
read_named (const char *name, void *data, GError **error)
{
  const char *folder = data;
  g_autofree char *file = g_strconcat (name, ".yaml", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, folder, file, NULL);
  char *text = NULL;
  gsize length = 0;
  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;
  return g_bytes_new_take (text, length);
}

static Scenario *
load (const char *folder, const char *name)
{
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = read_named (name, (void *)folder, &error);
  g_autofree char *file = g_strdup_printf ("%s/%s.yaml", folder, name);
  g_assert_no_error (error);
  Scenario *scenario = scenario_load (file, bytes, read_named, (void *)folder, problems);
  g_autofree char *found = problems_format (problems);
  g_assert_cmpstr (found, ==, "");
  g_assert_nonnull (scenario);
  return scenario;
}

static const ScenarioQueue *
queue_at (const Scenario *scenario, guint index)
{
  return g_ptr_array_index (scenario->queues, index);
}

static const ScenarioEvent *
event_at (const Scenario *scenario, guint index)
{
  return g_ptr_array_index (scenario->events, index);
}

static void
test_read (void)
{
  g_autoptr (Scenario) scenario = load ("tests/unit/data/scenario", "good");
  g_assert_cmpstr (scenario->name, ==, "good");
  g_assert_cmpstr (scenario->title, ==, "A shop");
  g_assert_cmpstr (scenario->runbook, ==, "close");
  g_assert_null (scenario->elsewhere);
  g_assert_cmpstr (scenario->careful[0], ==, "Looks twice");
  g_assert_cmpuint (scenario->services->len, ==, 4);

  const ScenarioService *shop = scenario_service (scenario, "shop");
  g_assert_cmpint (shop->role, ==, SCENARIO_APPLICATION);
  g_assert_cmpint (shop->replicas, ==, 2);
  g_assert_true (shop->running == FIELD_UNSET);
  g_assert_true (shop->checked);
  g_assert_cmpstr (shop->version, ==, "7");
  g_assert_cmpuint (shop->place.line, ==, 7);
  g_assert_cmpint (scenario_service (scenario, "proxy")->role, ==, SCENARIO_PLAIN);
  g_assert_cmpint (scenario_service (scenario, "proxy")->starts_us, ==, SECONDS (2));
  g_assert_cmpint (scenario_service (scenario, "workers")->hands_back_us, ==,
                   SECONDS (25));
  g_assert_true (scenario_service (scenario, "workers")->recovers_us == FIELD_UNSET);
  g_assert_false (scenario->tells_jobs);
  g_assert_cmpint (scenario_service (scenario, "store")->keeps, ==, SCENARIO_AOF);
  g_assert_null (scenario_service (scenario, "gone"));

  g_assert_cmpuint (scenario->queues->len, ==, 2);
  g_assert_cmpstr (queue_at (scenario, 0)->from, ==, "shop");
  g_assert_cmpint (queue_at (scenario, 0)->holds, ==, 7);
  g_assert_cmpint (queue_at (scenario, 0)->in_work, ==, 0);
  g_assert_cmpstr (queue_at (scenario, 1)->name, ==, "slow one");
  g_assert_cmpint (queue_at (scenario, 1)->in_work, ==, 2);
  g_assert_cmpint (queue_at (scenario, 1)->most_us, ==, SECONDS (4));
  g_assert_cmpuint (scenario->events->len, ==, 1);
  g_assert_cmpint (event_at (scenario, 0)->trigger, ==, SCENARIO_AT);
  g_assert_cmpint (event_at (scenario, 0)->delay_us, ==, SECONDS (10));
  g_assert_true (event_at (scenario, 0)->every_us == FIELD_UNSET);
}

/* What is not said is as in the other, key by key; events are not taken over. */
static void
test_like (void)
{
  g_autoptr (Scenario) scenario = load ("tests/unit/data/scenario", "like");
  g_assert_cmpstr (scenario->name, ==, "like");
  g_assert_cmpstr (scenario->title, ==, "The same, but for this");
  g_assert_cmpstr (scenario->about, ==, "Something to be like");
  g_assert_cmpstr (scenario->runbook, ==, "close");
  g_assert_cmpstr (scenario->careful[0], ==, "Looks twice");
  g_assert_cmpuint (scenario->services->len, ==, 5);

  const ScenarioService *workers = scenario_service (scenario, "workers");
  g_assert_true (workers->hangs);
  g_assert_cmpint (workers->recovers_us, ==, SECONDS (240));
  g_assert_true (scenario->tells_jobs);
  g_assert_cmpint (workers->replicas, ==, 3);
  g_assert_cmpint (workers->threads, ==, 4);
  g_assert_cmpint (workers->role, ==, SCENARIO_WORKERS);
  g_assert_cmpstr (workers->place.file, ==, "tests/unit/data/scenario/like.yaml");
  g_assert_cmpint (scenario_service (scenario, "printer")->stops_us, ==, SECONDS (90));
  g_assert_cmpint (queue_at (scenario, 0)->holds, ==, 7);
  g_assert_cmpint (queue_at (scenario, 0)->most_us, ==, SECONDS (5));
  g_assert_cmpint (queue_at (scenario, 0)->least_us, ==, SECONDS (1));
  g_assert_cmpuint (scenario->events->len, ==, 5);
}

static void
test_events (void)
{
  g_autoptr (Scenario) scenario = load ("tests/unit/data/scenario", "like");
  const ScenarioEvent *flap = event_at (scenario, 0), *refuse = event_at (scenario, 1);
  const ScenarioEvent *jobs = event_at (scenario, 2), *kill = event_at (scenario, 3);
  g_assert_cmpint (flap->kind, ==, SCENARIO_FLAP);
  g_assert_cmpint (flap->trigger, ==, SCENARIO_STOPPED);
  g_assert_cmpstr (flap->of, ==, "shop");
  g_assert_cmpint (flap->delay_us, ==, SECONDS (5));
  g_assert_cmpint (flap->lasts_us, ==, SECONDS (8));
  g_assert_cmpint (flap->every_us, ==, SECONDS (60));
  g_assert_cmpstr (flap->story, ==, "It flapped");
  g_assert_cmpint (refuse->kind, ==, SCENARIO_REFUSE);
  g_assert_cmpint (refuse->trigger, ==, SCENARIO_AT);
  g_assert_cmpint (refuse->delay_us, ==, 0);
  g_assert_cmpstr (refuse->service, ==, "shop");
  g_assert_cmpint (refuse->times, ==, 1);
  g_assert_cmpstr (refuse->says, ==, "No");
  g_assert_cmpint (jobs->kind, ==, SCENARIO_JOBS);
  g_assert_cmpint (jobs->trigger, ==, SCENARIO_UP);
  g_assert_cmpint (jobs->count, ==, 3);
  g_assert_cmpstr (jobs->queue, ==, "slow one");
  g_assert_cmpint (jobs->lasts_us, ==, SECONDS (2));
  g_assert_cmpint (kill->kind, ==, SCENARIO_KILL);
  g_assert_cmpint (kill->trigger, ==, SCENARIO_STOPPING);
  g_assert_cmpstr (kill->service, ==, "printer");
  g_assert_cmpint (kill->count + kill->times + kill->lasts_us, ==, 0);
  g_assert_cmpint (event_at (scenario, 4)->kind, ==, SCENARIO_DROP_LINE);
}

/* What cannot be used is none, and says why. */
static void
test_unusable (void)
{
  static const char *const names[] = { "nothing", "gone",  "circle", "newer",
                                       "syntax",  "empty", "shapes" };
  char *folder = (char *)"tests/unit/data/scenario";
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (Problems) problems = problems_new ();
    g_autoptr (GBytes) bytes = read_named (names[i], folder, NULL);
    g_autofree char *file = g_strconcat (names[i], ".yaml", NULL);
    g_autoptr (Scenario) scenario =
        scenario_load (file, bytes, read_named, folder, problems);
    g_assert_null (scenario);
    g_assert_cmpuint (problems_count (problems), >, 0);
  }
}

/* Those that handrail comes with: all there are, each fit to be told of. */
static void
test_shipped (void)
{
  g_autofree char *folder =
      g_test_build_filename (G_TEST_DIST, "runbooks", "practice", NULL);
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  const char *file;
  guint count = 0;
  g_assert_nonnull (directory);
  while ((file = g_dir_read_name (directory))) {
    if (!g_str_has_suffix (file, ".yaml"))
      continue;
    g_autofree char *name = g_strndup (file, strlen (file) - strlen (".yaml"));
    g_autoptr (Scenario) scenario = load ("runbooks/practice", name);
    g_assert_nonnull (scenario->about);
    g_assert_nonnull (scenario->careful);
    g_assert_cmpstr (scenario->runbook, ==, "shutdown");
    for (guint i = 0; i < scenario->events->len; i++)
      g_assert_nonnull (event_at (scenario, i)->story);
    count++;
  }
  g_assert_cmpuint (count, ==, 12);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scenario/read", test_read);
  g_test_add_func ("/scenario/like", test_like);
  g_test_add_func ("/scenario/events", test_events);
  g_test_add_func ("/scenario/unusable", test_unusable);
  g_test_add_func ("/scenario/shipped", test_shipped);
  return g_test_run ();
}
