/* Redis of the simulated world: what is left of it after a stop, and how its keys read. */
#include "tests/unit/world_bed.h"

/* ---- what it keeps ------------------------------------------------------------- */

typedef struct {
  const char *name;
  int keeps;
  gboolean saves, kills;
  gint64 left, lost, again;
} Keep;

/* 100 jobs from the beginning; 10 of them are taken, then 5 more arrive and perhaps a
 * snapshot is written, then 2 more arrive and it ends. */
static const Keep keeps[] = {
  { "snapshots-stop", SCENARIO_SNAPSHOTS, FALSE, FALSE, 97, 0, 0 },
  { "snapshots-kill", SCENARIO_SNAPSHOTS, FALSE, TRUE, 90, 7, 0 },
  { "snapshots-save-kill", SCENARIO_SNAPSHOTS, TRUE, TRUE, 95, 2, 0 },
  { "aof-stop", SCENARIO_AOF, FALSE, FALSE, 97, 0, 0 },
  { "aof-kill", SCENARIO_AOF, FALSE, TRUE, 97, 0, 0 },
  { "nothing-stop", SCENARIO_NOTHING, FALSE, FALSE, 0, 97, 0 },
  { "nothing-kill", SCENARIO_NOTHING, FALSE, TRUE, 0, 97, 0 },
  { "nothing-save-stop", SCENARIO_NOTHING, TRUE, FALSE, 95, 2, 0 },
  { "nothing-save-kill", SCENARIO_NOTHING, TRUE, TRUE, 95, 2, 0 },
};

static void
bed_open_keeps (Bed *bed, const Keep *keep)
{
  bed_open (bed);
  bed_quiet (bed);
  bed->service[BED_REDIS].keeps = keep->keeps;
  bed->queue[BED_DEFAULT].holds = 100;
  bed->queue[BED_DEFAULT].least_us = bed->queue[BED_DEFAULT].most_us = 600 * BED_S;
  bed_event (bed, (ScenarioEvent){ .kind = SCENARIO_JOBS,
                                   .delay_us = BED_S,
                                   .queue = (char *)"default",
                                   .count = 5,
                                   .lasts_us = BED_S });
  bed_event (bed, (ScenarioEvent){ .kind = SCENARIO_JOBS,
                                   .delay_us = 3 * BED_S,
                                   .queue = (char *)"default",
                                   .count = 2,
                                   .lasts_us = BED_S });
}

static void
test_keeps (const void *data)
{
  const Keep *keep = data;
  g_auto (Bed) bed = { 0 };
  bed_open_keeps (&bed, keep);
  World *world = bed_begin (&bed, 1);
  g_autofree char *run_id = g_strdup (world_redis_run_id (world));
  g_assert_cmpint (world_redis_keeps (world), ==, keep->keeps);
  bed_pass (&bed, 2);
  if (keep->saves)
    world_redis_save (world);
  bed_pass (&bed, 2);
  g_assert_cmpuint (world_key_length (world, "queue:default"), ==, 97);
  bed_stop (&bed, "redis", keep->kills ? 0 : 10);
  bed_pass (&bed, 1);
  g_assert_cmpint (world_redis (world), ==, REDIS_DOWN);
  g_assert_cmpint (world_redis_started_us (world), ==, -1);
  g_assert_cmpint (bed_tally (&bed, "queued"), ==, keep->left);
  bed_start (&bed, "redis");
  g_assert_cmpint (world_redis (world), ==, REDIS_DOWN);
  bed_pass (&bed, 1);
  g_assert_cmpint (world_redis (world), ==, REDIS_UP);
  g_assert_cmpstr (world_redis_run_id (world), !=, run_id);
  g_assert_cmpuint (strlen (world_redis_run_id (world)), ==, 40);
  g_assert_cmpint (world_redis_started_us (world), ==, 5 * BED_S);
  g_assert_cmpint (world_key_length (world, "queue:default"), ==, keep->left);
  g_assert_cmpint (bed_tally (&bed, "lost"), ==, keep->lost);
  bed_assert_balance (&bed);
}

static void
test_told_lost (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed_quiet (&bed);
  bed.queue[BED_DEFAULT].holds = 100;
  bed.service[BED_WORKERS].running = 0;
  bed.service[BED_REDIS].keeps = SCENARIO_NOTHING;
  World *world = bed_begin (&bed, 1);
  g_assert_cmpstr (world_key_type (world, "schedule"), ==, "zset");
  bed_stop (&bed, "redis", 10);
  bed_pass (&bed, 5);
  json_t *told = world_told (world);
  const json_t *event = NULL;
  g_assert_cmpuint (bed_count (told, "queues-lost", &event), ==, 1);
  g_assert_cmpint (bed_number (event, "jobs"), ==, 100);
  g_assert_cmpint (bed_number (event, "scheduled"), ==, 3);
  json_decref (told);
  bed_start (&bed, "redis");
  bed_pass (&bed, 5);
  g_assert_cmpstr (world_key_type (world, "queues"), ==, "none");
  g_assert_cmpstr (world_key_type (world, "schedule"), ==, "none");
}

/* Jobs that were taken since the snapshot come back, and are done twice. */
static void
test_comes_back (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed_quiet (&bed);
  bed.queue[BED_DEFAULT].holds = 50;
  World *world = bed_begin (&bed, 1); /* ten are in hand, 40 in the snapshot */
  bed_pass (&bed, 60);
  g_assert_cmpint (bed_tally (&bed, "done"), ==, 50);
  world_kill (world, bed_container (&bed, "redis", 1)->id);
  g_assert_cmpint (bed_tally (&bed, "queued"), ==, 40);
  g_assert_cmpint (bed_tally (&bed, "arrived"), ==, 90);
  json_t *told = world_told (world);
  const json_t *event = NULL;
  g_assert_cmpuint (bed_count (told, "queues-lost", &event), ==, 1);
  g_assert_cmpint (bed_number (event, "again"), ==, 40);
  g_assert_cmpint (bed_number (event, "jobs"), ==, 0);
  json_decref (told);
  bed_start (&bed, "redis");
  bed_pass (&bed, 60);
  g_assert_cmpint (bed_tally (&bed, "done"), ==, 90);
}

/* ---- save points ----------------------------------------------------------------- */

/* When it writes its first snapshot by itself, seconds after the last one before the world
 * began; -1: not within 4000 s. `jobs` arrive at once a second after the beginning. */
static double
first_save (gint64 jobs, int keeps_what)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed_quiet (&bed);
  bed.service[BED_WORKERS].replicas = 0;
  bed.service[BED_REDIS].keeps = keeps_what;
  bed_event (&bed, (ScenarioEvent){ .kind = SCENARIO_JOBS,
                                    .delay_us = BED_S,
                                    .queue = (char *)"mail",
                                    .count = jobs });
  World *world = bed_begin (&bed, 1);
  double before_s = (double)world_redis_saved_us (world) / (double)BED_S;
  bed_pass (&bed, 4000);
  json_t *told = world_told (world);
  const json_t *event = NULL;
  double at_s = -1;
  if (bed_count (told, "saved", &event) > 0) {
    g_assert_cmpstr (bed_text (event, "why"), ==, "save-point");
    g_assert_cmpint (bed_number (event, "jobs"), ==, jobs);
    at_s = bed_at (event) - before_s;
  }
  json_decref (told);
  return at_s;
}

/* The last snapshot is older than 60 s in this world, so that 10,000 changes are saved as
 * soon as they are there. */
static void
test_save_points (void)
{
  g_assert_cmpfloat (first_save (0, SCENARIO_SNAPSHOTS), ==, -1);
  g_assert_cmpfloat_with_epsilon (first_save (1, SCENARIO_SNAPSHOTS), 3600, 1e-6);
  g_assert_cmpfloat_with_epsilon (first_save (49, SCENARIO_AOF), 3600, 1e-6);
  g_assert_cmpfloat_with_epsilon (first_save (50, SCENARIO_SNAPSHOTS), 300, 1e-6);
  g_assert_cmpfloat (first_save (5000, SCENARIO_SNAPSHOTS), <, 300);
  g_assert_cmpfloat (first_save (5000, SCENARIO_SNAPSHOTS), >=, 60);
  g_assert_cmpfloat (first_save (5000, SCENARIO_NOTHING), ==, -1);
}

static void
test_changes (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  World *world = bed_begin (&bed, 1);
  g_assert_cmpuint (world_redis_changes (world), ==, 0);
  g_assert_cmpint (world_redis_saved_us (world), <=, 0);
  bed_pass (&bed, 20);
  g_assert_cmpuint (world_redis_changes (world), >, 20);
  world_redis_save (world);
  g_assert_cmpuint (world_redis_changes (world), ==, 0);
  g_assert_cmpint (world_redis_saved_us (world), ==, 20 * BED_S);
}

/* ---- without it ------------------------------------------------------------------- */

/* Nothing is taken and nothing arrives; what is in hand ends, and is told of. */
static void
test_down (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed.queue[BED_DEFAULT].holds = 100;
  World *world = bed_begin (&bed, 1);
  bed_stop (&bed, "redis", 10);
  bed_pass (&bed, 0.5);
  gint64 arrived = bed_tally (&bed, "arrived"), in_work = bed_tally (&bed, "in_work");
  gint64 done = bed_tally (&bed, "done");
  g_assert_cmpint (in_work, ==, 10);
  bed_pass (&bed, 60);
  g_assert_cmpint (bed_tally (&bed, "arrived"), ==, arrived);
  g_assert_cmpint (bed_tally (&bed, "in_work"), ==, 0);
  g_assert_cmpint (bed_tally (&bed, "done"), ==, done + in_work);
  g_assert_cmpuint (world_signal (world, "any", "TSTP"), ==, 0);
  json_t *told = world_told (world);
  g_assert_cmpuint (bed_count (told, "unacknowledged", NULL), ==, 10);
  json_decref (told);
  bed_start (&bed, "redis");
  bed_pass (&bed, 60);
  g_assert_cmpint (bed_tally (&bed, "done"), >, done + 100);
}

/* ---- keys ------------------------------------------------------------------------- */

static json_t *
parse (const json_t *text)
{
  json_t *json = json_loads (json_string_value (text), 0, NULL);
  g_assert_nonnull (json);
  return json;
}

static void
test_queue_keys (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed.queue[BED_DEFAULT].holds = 300;
  World *world = bed_begin (&bed, 1);
  bed_pass (&bed, 20);
  json_t *jobs = world_key (world, "queue:default");
  size_t length = json_array_size (jobs);
  g_assert_cmpuint (length, >, 200);
  g_assert_cmpuint (world_key_length (world, "queue:default"), ==, length);
  static const gint64 places[] = { 0, 1, 150, -1, -2, -150 };
  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    gint64 at = places[i] < 0 ? places[i] + (gint64)length : places[i];
    json_t *one = world_list_at (world, "queue:default", places[i]);
    g_assert_true (json_equal (one, json_array_get (jobs, (size_t)at)));
    json_decref (one);
  }
  g_assert_null (world_list_at (world, "queue:default", (gint64)length));
  g_assert_null (world_list_at (world, "queue:default", -(gint64)length - 1));
  g_assert_null (world_list_at (world, "queues", 0));
  double before = G_MAXDOUBLE;
  for (size_t i = 0; i < length; i++) {
    json_t *job = parse (json_array_get (jobs, i));
    double at = json_real_value (json_object_get (job, "enqueued_at"));
    g_assert_cmpfloat (at, <, before);
    g_assert_true (json_is_real (json_object_get (job, "created_at")));
    g_assert_cmpuint (strlen (bed_text (job, "jid")), ==, 24);
    g_assert_cmpstr (bed_text (job, "queue"), ==, "default");
    before = at;
    json_decref (job);
  }
  json_decref (jobs);
  g_assert_cmpstr (world_key_type (world, "queue:default"), ==, "list");
  g_assert_cmpstr (world_key_type (world, "queue:none"), ==, "none");
  g_assert_null (world_key (world, "queue:none"));
}

/* A drained queue stays listed, but its list is not there. */
static void
test_drained (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed_quiet (&bed);
  World *world = bed_begin (&bed, 1);
  g_assert_cmpuint (world_key_length (world, "queues"), ==, 2);
  g_assert_cmpstr (world_key_type (world, "queue:mail"), ==, "none");
  g_assert_null (world_key (world, "queue:mail"));
  g_assert_cmpuint (world_key_length (world, "queue:mail"), ==, 0);
  g_assert_null (world_key (world, "retry"));
  g_assert_null (world_key (world, "dead"));
  g_assert_null (world_key (world, "paused"));
}

static void
test_process_keys (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed_quiet (&bed);
  bed.queue[BED_DEFAULT].in_work = 3;
  bed.queue[BED_DEFAULT].least_us = bed.queue[BED_DEFAULT].most_us = 600 * BED_S;
  World *world = bed_begin (&bed, 1);
  json_t *names = world_key (world, "processes");
  const char *name = json_string_value (json_array_get (names, 0));
  g_assert_true (g_regex_match_simple ("^[0-9a-f]{12}:1:[0-9a-f]{12}$", name, 0, 0));
  json_t *hash = world_key (world, name);
  json_t *info = parse (json_object_get (hash, "info"));
  g_assert_cmpstr (bed_text (info, "identity"), ==, name);
  g_assert_cmpint (bed_number (info, "concurrency"), ==, 5);
  g_assert_cmpuint (json_array_size (json_object_get (info, "queues")), ==, 2);
  g_assert_cmpstr (bed_text (hash, "busy"), ==, "3");
  g_assert_cmpstr (bed_text (hash, "quiet"), ==, "false");
  double beat = g_ascii_strtod (bed_text (hash, "beat"), NULL);
  g_assert_cmpfloat (beat, <=, 1795335122);
  g_assert_cmpfloat (beat, >, 1795335117);
  g_autofree char *workers_name = g_strconcat (name, ":workers", NULL);
  json_t *workers = world_key (world, workers_name);
  g_assert_cmpuint (json_object_size (workers), ==, 3);
  json_t *work = parse (json_object_iter_value (json_object_iter (workers)));
  json_t *job = parse (json_object_get (work, "payload"));
  g_assert_cmpstr (bed_text (job, "class"), !=, "");
  g_assert_cmpint (bed_number (work, "run_at"), ==, 1795335122);
  json_decref (job);
  json_decref (work);
  json_decref (workers);
  json_decref (info);
  json_decref (hash);
  json_decref (names);
}

static void
test_keys (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed.queue[BED_DEFAULT].holds = 100;
  World *world = bed_begin (&bed, 1);
  json_t *processes = world_key (world, "processes");
  const char *name = json_string_value (json_array_get (processes, 0));
  world_signal (world, name, "TSTP");
  world_signal (world, "nobody", "TSTP");
  g_autofree char *signals = g_strconcat (name, "-signals", NULL);
  g_auto (GStrv) keys = world_keys (world);
  g_assert_true (g_strv_contains ((const char *const *)keys, signals));
  g_assert_true (g_strv_contains ((const char *const *)keys, name));
  g_assert_true (g_strv_contains ((const char *const *)keys, "nobody-signals"));
  g_assert_true (g_strv_contains ((const char *const *)keys, "queue:default"));
  g_assert_false (g_strv_contains ((const char *const *)keys, "queue:mail"));
  for (guint i = 0; keys[i]; i++) {
    json_t *value = world_key (world, keys[i]);
    g_assert_nonnull (value);
    size_t size = json_is_string (value)  ? 1
                  : json_is_array (value) ? json_array_size (value)
                                          : json_object_size (value);
    g_assert_cmpuint (world_key_length (world, keys[i]), ==, size);
    g_assert_cmpstr (world_key_type (world, keys[i]), !=, "none");
    g_assert_true (i == 0 || strcmp (keys[i - 1], keys[i]) < 0);
    json_decref (value);
  }
  bed_pass (&bed, 60);
  g_assert_cmpstr (world_key_type (world, "nobody-signals"), ==, "none");
  json_decref (processes);
}

static void
test_processed (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  World *world = bed_begin (&bed, 1);
  json_t *before = world_key (world, "stat:processed");
  bed_pass (&bed, 300);
  json_t *after = world_key (world, "stat:processed");
  gint64 counted = g_ascii_strtoll (json_string_value (after), NULL, 10) -
                   g_ascii_strtoll (json_string_value (before), NULL, 10);
  gint64 done = bed_tally (&bed, "done");
  g_assert_cmpint (counted, <=, done);
  g_assert_cmpint (counted, >, done - 30); /* what was done since the last sign of life */
  json_decref (before);
  json_decref (after);
}

/* ---- the application ---------------------------------------------------------------- */

static void
assert_health (const Bed *bed, gboolean healthy, const char *wrong)
{
  json_t *health = world_health (bed->world);
  const json_t *errors = json_object_get (health, "errors");
  g_assert_cmpint (json_is_true (json_object_get (health, "healthy")), ==, healthy);
  g_assert_cmpstr (bed_text (health, "version"), ==, "v44.0.1");
  g_assert_cmpuint (json_object_size (errors), ==, 3);
  if (wrong)
    g_assert_true (json_is_string (json_object_get (errors, wrong)));
  json_decref (health);
}

static void
test_health (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  World *world = bed_begin (&bed, 1);
  assert_health (&bed, TRUE, NULL);
  bed_stop (&bed, "workers", 40);
  bed_pass (&bed, 60);
  assert_health (&bed, FALSE, "sidekiq");
  bed_start (&bed, "workers");
  bed_pass (&bed, 10);
  assert_health (&bed, TRUE, NULL);
  bed_stop (&bed, "redis", 10);
  bed_pass (&bed, 10);
  assert_health (&bed, FALSE, "redis");
  world_kill (world, bed_container (&bed, "app", 1)->id);
  assert_health (&bed, FALSE, "redis");
  world_kill (world, bed_container (&bed, "app", 2)->id);
  g_assert_null (world_health (world));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (keeps); i++) {
    g_autofree char *path = g_strconcat ("/world-redis/keeps/", keeps[i].name, NULL);
    g_test_add_data_func (path, &keeps[i], test_keeps);
  }
  g_test_add_func ("/world-redis/told-lost", test_told_lost);
  g_test_add_func ("/world-redis/comes-back", test_comes_back);
  g_test_add_func ("/world-redis/save-points", test_save_points);
  g_test_add_func ("/world-redis/changes", test_changes);
  g_test_add_func ("/world-redis/down", test_down);
  g_test_add_func ("/world-redis/queue-keys", test_queue_keys);
  g_test_add_func ("/world-redis/drained", test_drained);
  g_test_add_func ("/world-redis/process-keys", test_process_keys);
  g_test_add_func ("/world-redis/keys", test_keys);
  g_test_add_func ("/world-redis/processed", test_processed);
  g_test_add_func ("/world-redis/health", test_health);
  return g_test_run ();
}
