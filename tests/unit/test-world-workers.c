/* Containers of the simulated world, and what becomes of the jobs of those that stop. */
#include "tests/unit/world_bed.h"

#define ALL_THREADS 10

/* `jobs` jobs, each a minute long, and nothing else arrives. */
static void
bed_open_long (Bed *bed, gint64 jobs)
{
  bed_open (bed);
  bed_quiet (bed);
  bed->queue[BED_DEFAULT].holds = jobs;
  bed->queue[BED_DEFAULT].least_us = bed->queue[BED_DEFAULT].most_us = 60 * BED_S;
}

/* ---- starting and stopping ----------------------------------------------------- */

static void
test_begin (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed.service[BED_WEB].running = 0;
  World *world = bed_begin (&bed, 1);
  const GPtrArray *containers = world_containers (world);
  static const char *const names[] = { "lab_web_1",     "lab_app_1",     "lab_app_2",
                                       "lab_workers_1", "lab_workers_2", "lab_redis_1" };
  g_assert_cmpuint (containers->len, ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < containers->len; i++) {
    const Container *container = containers->pdata[i];
    g_assert_cmpstr (container->name, ==, names[i]);
    g_assert_cmpuint (strlen (container->id), ==, 64);
    g_assert_true (g_str_has_prefix (container->image, "sha256:"));
    g_assert_cmpint (container->started_us, <, -60 * BED_S);
  }
  g_assert_cmpint (bed_container (&bed, "web", 1)->state, ==, CONTAINER_EXITED);
  g_assert_cmpint (bed_container (&bed, "app", 2)->health, ==, HEALTH_HEALTHY);
  g_assert_cmpint (bed_container (&bed, "workers", 1)->health, ==, HEALTH_NONE);
  g_assert_cmpstr (world_image (world, "app"), ==, bed_container (&bed, "app", 1)->image);
  g_assert_cmpuint (strlen (world_engine_id (world)), ==, 59);
}

static void
test_stop (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed_begin (&bed, 1);
  const Container *app = bed_container (&bed, "app", 1);
  bed_stop (&bed, "app", 10);
  g_assert_cmpint (app->state, ==, CONTAINER_STOPPING);
  bed_pass (&bed, 1.999);
  g_assert_cmpint (app->state, ==, CONTAINER_STOPPING);
  bed_pass (&bed, 0.001);
  g_assert_cmpint (app->state, ==, CONTAINER_EXITED);
  g_assert_cmpint (app->exit, ==, 0);
  g_assert_cmpint (app->finished_us, ==, 2 * BED_S);
  bed_stop (&bed, "app", 10);
  bed_pass (&bed, 100);
  g_assert_cmpint (app->finished_us, ==, 2 * BED_S);
  json_t *told = world_told (bed.world);
  g_assert_cmpuint (bed_count (told, "stopping", NULL), ==, 2);
  g_assert_cmpuint (bed_count (told, "stopped", NULL), ==, 2);
  json_decref (told);
  bed_start (&bed, "app");
  g_assert_cmpint (app->state, ==, CONTAINER_RUNNING);
  g_assert_cmpint (app->health, ==, HEALTH_STARTING);
  g_assert_cmpint (app->started_us, ==, 102 * BED_S);
  bed_pass (&bed, 4.999);
  g_assert_cmpint (app->health, ==, HEALTH_STARTING);
  bed_pass (&bed, 0.001);
  g_assert_cmpint (app->health, ==, HEALTH_HEALTHY);
  g_assert_cmpuint (app->restarts, ==, 0);
  bed_start (&bed, "app");
  g_assert_cmpint (app->started_us, ==, 102 * BED_S);
}

/* A grace that is too short; a second stop with less of it; kill; what starts still. */
static void
test_grace (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed.service[BED_APP].stops_us = 90 * BED_S;
  World *world = bed_begin (&bed, 1);
  const Container *one = bed_container (&bed, "app", 1);
  const Container *two = bed_container (&bed, "app", 2);
  world_stop (world, one->id, 10 * BED_S);
  world_stop (world, two->id, 100 * BED_S);
  bed_pass (&bed, 10);
  g_assert_cmpint (one->state, ==, CONTAINER_EXITED);
  g_assert_cmpint (one->exit, ==, 137);
  g_assert_cmpint (two->state, ==, CONTAINER_STOPPING);
  world_stop (world, two->id, 5 * BED_S);
  world_stop (world, two->id, 50 * BED_S);
  bed_pass (&bed, 5);
  g_assert_cmpint (two->exit, ==, 137);
  world_start (world, one->id);
  world_kill (world, one->id);
  world_kill (world, one->id);
  g_assert_cmpint (one->exit, ==, 137);
  bed_pass (&bed, 100);
  g_assert_cmpint (one->state, ==, CONTAINER_EXITED);
  json_t *told = world_told (world);
  g_assert_cmpuint (bed_count (told, "killed", NULL), ==, 3);
  json_decref (told);
}

static void
test_scale (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  World *world = bed_begin (&bed, 1);
  world_create (world, "workers", 4);
  g_assert_cmpuint (bed_running (&bed, "workers"), ==, 4);
  const Container *fourth = world_containers (world)->pdata[6];
  g_assert_cmpstr (fourth->name, ==, "lab_workers_4");
  g_assert_cmpint (fourth->started_us, ==, 0);
  bed_pass (&bed, 4);
  g_assert_cmpuint (world_key_length (world, "processes"), ==, 4);
  world_create (world, "workers", 2); /* they run: none of them may be removed */
  g_assert_cmpuint (bed_running (&bed, "workers"), ==, 4);
  world_stop (world, bed_container (&bed, "workers", 1)->id, 40 * BED_S);
  world_stop (world, bed_container (&bed, "workers", 3)->id, 40 * BED_S);
  bed_pass (&bed, 40);
  world_create (world, "workers", 3); /* the higher number goes, the other is started */
  g_assert_null (bed_container (&bed, "workers", 3));
  g_assert_cmpuint (bed_running (&bed, "workers"), ==, 3);
  world_remove (world, bed_container (&bed, "workers", 2)->id);
  g_assert_nonnull (bed_container (&bed, "workers", 2));
  g_autofree char *id = g_strdup (bed_container (&bed, "workers", 2)->id);
  world_kill (world, id);
  world_remove (world, id);
  g_assert_null (bed_container (&bed, "workers", 2));
  world_create (world, "workers", 3); /* no number comes again below the highest */
  g_assert_null (bed_container (&bed, "workers", 2));
  g_assert_cmpstr (bed_container (&bed, "workers", 5)->id, !=, id);
  const Container *last = world_containers (world)->pdata[5];
  g_assert_cmpstr (last->name, ==, "lab_workers_5");
  world_stop (world, "no such container", 0);
  world_create (world, "no such service", 3);
}

/* ---- jobs of a worker that stops ------------------------------------------------- */

typedef struct {
  const char *name;
  double grace_s, passes_s;
  gint64 lost, interrupted, done, queued;
  int exit;
} Stop;

/* 12 jobs of a minute, ten of them in hand, half a minute old. */
static const Stop stops[] = {
  { "default-grace", 10, 10, 10, 0, 0, 2, 137 },
  { "long-grace", 40, 26, 0, 10, 0, 12, 0 },
  { "just-too-short", 24, 24, 10, 0, 0, 2, 137 },
  { "no-grace", 0, 0, 10, 0, 0, 2, 137 },
};

static void
test_stop_workers (const void *data)
{
  const Stop *stop = data;
  g_auto (Bed) bed = { 0 };
  bed_open_long (&bed, 12);
  World *world = bed_begin (&bed, 1);
  g_assert_cmpint (bed_tally (&bed, "in_work"), ==, ALL_THREADS);
  bed_pass (&bed, 30);
  bed_stop (&bed, "workers", stop->grace_s);
  bed_pass (&bed, stop->passes_s);
  for (guint number = 1; number <= 2; number++) {
    const Container *container = bed_container (&bed, "workers", number);
    g_assert_cmpint (container->state, ==, CONTAINER_EXITED);
    g_assert_cmpint (container->exit, ==, stop->exit);
  }
  g_assert_cmpint (bed_tally (&bed, "lost"), ==, stop->lost);
  g_assert_cmpint (bed_tally (&bed, "interrupted"), ==, stop->interrupted);
  g_assert_cmpint (bed_tally (&bed, "done"), ==, stop->done);
  g_assert_cmpint (bed_tally (&bed, "queued"), ==, stop->queued);
  bed_assert_balance (&bed);
  json_t *told = world_told (world);
  const json_t *event = NULL;
  g_assert_cmpuint (bed_count (told, stop->lost ? "jobs-lost" : "handed-back", &event),
                    ==, 2);
  g_assert_cmpint (bed_number (event, "jobs"), ==, 5);
  json_decref (told);
}

/* Jobs that end before it is time are done, and it leaves as soon as its hands are empty. */
static void
test_finish (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open_long (&bed, 9);
  bed.queue[BED_MAIL].in_work = 3; /* of these, two take the place of long ones */
  bed.queue[BED_MAIL].least_us = bed.queue[BED_MAIL].most_us = 55 * BED_S;
  bed_begin (&bed, 1);
  bed_pass (&bed, 50);
  bed_stop (&bed, "workers", 40);
  bed_pass (&bed, 10.999);
  g_assert_cmpint (bed_tally (&bed, "done"), ==, ALL_THREADS);
  g_assert_cmpuint (bed_running (&bed, "workers"), ==, 2);
  bed_pass (&bed, 0.001);
  g_assert_cmpuint (bed_running (&bed, "workers"), ==, 0);
  g_assert_cmpint (bed_tally (&bed, "queued"), ==, 2);
  g_assert_cmpint (bed_tally (&bed, "interrupted"), ==, 0);
}

/* What is handed back is what is taken first again, and keeps its time. */
static void
test_handed_back_first (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open_long (&bed, 12);
  World *world = bed_begin (&bed, 1);
  json_t *waiting = world_list_at (world, "queue:default", -1);
  bed_stop (&bed, "workers", 40);
  bed_pass (&bed, 26);
  json_t *oldest = world_list_at (world, "queue:default", -1);
  json_t *third = world_list_at (world, "queue:default", 1);
  g_assert_false (json_equal (waiting, oldest));
  g_assert_true (json_equal (waiting, third));
  json_decref (waiting);
  json_decref (oldest);
  json_decref (third);
}

/* Without a Redis there is nowhere to hand them back to. */
static void
test_nowhere_to_go (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open_long (&bed, 10);
  World *world = bed_begin (&bed, 1);
  bed_stop (&bed, "redis", 10);
  bed_pass (&bed, 5);
  bed_stop (&bed, "workers", 40);
  bed_pass (&bed, 40);
  g_assert_cmpint (bed_container (&bed, "workers", 1)->exit, ==, 0);
  g_assert_cmpint (bed_tally (&bed, "lost"), ==, 10);
  bed_assert_balance (&bed);
  json_t *told = world_told (world);
  g_assert_cmpuint (bed_count (told, "handed-back", NULL), ==, 0);
  json_decref (told);
}

/* ---- signals and signs of life ----------------------------------------------------- */

static char *
process_name (const Bed *bed, size_t index)
{
  json_t *names = world_key (bed->world, "processes");
  char *name = g_strdup (json_string_value (json_array_get (names, index)));
  json_decref (names);
  return name;
}

static char *
process_field (const Bed *bed, const char *process, const char *field)
{
  json_t *hash = world_key (bed->world, process);
  char *text = g_strdup (bed_text (hash, field));
  json_decref (hash);
  return text;
}

static void
assert_field (const Bed *bed, const char *process, const char *field, const char *wanted)
{
  g_autofree char *text = process_field (bed, process, field);
  g_assert_cmpstr (text, ==, wanted);
}

/* Taken up at the next sign of life, seen at the one after; its jobs are finished and no
 * others begun. */
static void
test_quiet (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open_long (&bed, 30);
  World *world = bed_begin (&bed, 1);
  g_autofree char *one = process_name (&bed, 0);
  g_autofree char *two = process_name (&bed, 1);
  bed_pass (&bed, 31);
  g_autofree char *list = g_strconcat (one, "-signals", NULL);
  g_assert_cmpuint (world_signal (world, one, "TSTP"), ==, 1);
  g_assert_cmpuint (world_signal (world, two, "TSTP"), ==, 1);
  g_assert_cmpstr (world_key_type (world, list), ==, "list");
  bed_pass (&bed, 5);
  g_assert_cmpstr (world_key_type (world, list), ==, "none");
  assert_field (&bed, one, "quiet", "false");
  json_t *told = world_told (world);
  g_assert_cmpuint (bed_count (told, "quieted", NULL), ==, 2);
  json_decref (told);
  bed_pass (&bed, 5);
  assert_field (&bed, one, "quiet", "true");
  assert_field (&bed, one, "busy", "5");
  bed_pass (&bed, 30);
  assert_field (&bed, one, "busy", "0");
  assert_field (&bed, two, "busy", "0");
  g_assert_cmpint (bed_tally (&bed, "done"), ==, ALL_THREADS);
  g_assert_cmpint (bed_tally (&bed, "queued"), ==, 20);
  g_assert_cmpint (bed_tally (&bed, "in_work"), ==, 0);
}

/* One at a sign of life, the oldest first; what is no signal of Sidekiq's does nothing. */
static void
test_signals (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open_long (&bed, 0);
  World *world = bed_begin (&bed, 1);
  g_autofree char *name = process_name (&bed, 0);
  g_autofree char *list = g_strconcat (name, "-signals", NULL);
  g_assert_cmpuint (world_signal (world, name, "HUH"), ==, 1);
  g_assert_cmpuint (world_signal (world, name, "TSTP"), ==, 2);
  g_assert_cmpuint (world_signal (world, name, "TERM"), ==, 3);
  json_t *oldest = world_list_at (world, list, -1);
  g_assert_cmpstr (json_string_value (oldest), ==, "HUH");
  json_decref (oldest);
  bed_pass (&bed, 5);
  g_assert_cmpuint (world_key_length (world, list), ==, 2);
  json_t *told = world_told (world);
  g_assert_cmpuint (bed_count (told, "quieted", NULL), ==, 0);
  json_decref (told);
  bed_pass (&bed, 5);
  told = world_told (world);
  g_assert_cmpuint (bed_count (told, "quieted", NULL), ==, 1);
  json_decref (told);
  g_assert_cmpuint (bed_container (&bed, "workers", 1)->restarts, ==, 0);
  bed_pass (&bed, 6);
  g_assert_cmpuint (bed_container (&bed, "workers", 1)->restarts, ==, 1);
}

/* TERM by way of Redis: the engine starts again what ended by itself. */
static void
test_term (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open_long (&bed, 0);
  World *world = bed_begin (&bed, 1);
  g_autofree char *name = process_name (&bed, 0);
  world_signal (world, name, "TERM");
  bed_pass (&bed, 6);
  g_assert_cmpuint (bed_container (&bed, "workers", 1)->restarts, ==, 1);
  g_assert_cmpuint (bed_running (&bed, "workers"), ==, 2);
  bed_pass (&bed, 5);
  g_autofree char *next = process_name (&bed, 1);
  g_assert_cmpstr (next, !=, name);
  g_assert_cmpuint (world_key_length (world, "processes"), ==, 2);
}

/* A clean end takes its name away, its hash lingers; a kill leaves the name. */
static void
test_names (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open_long (&bed, 0);
  World *world = bed_begin (&bed, 1);
  g_autofree char *killed = process_name (&bed, 0);
  g_autofree char *stopped = process_name (&bed, 1);
  g_assert_cmpint (strncmp (killed, bed_container (&bed, "workers", 1)->id, 12), ==, 0);
  world_kill (world, bed_container (&bed, "workers", 1)->id);
  world_stop (world, bed_container (&bed, "workers", 2)->id, 10 * BED_S);
  bed_pass (&bed, 2);
  g_assert_cmpuint (world_key_length (world, "processes"), ==, 1);
  g_assert_cmpstr (world_key_type (world, killed), ==, "hash");
  g_assert_cmpstr (world_key_type (world, stopped), ==, "hash");
  bed_pass (&bed, 60);
  g_assert_cmpuint (world_key_length (world, "processes"), ==, 1);
  g_assert_cmpstr (world_key_type (world, killed), ==, "none");
  g_assert_cmpstr (world_key_type (world, stopped), ==, "none");
}

/* Those of the beginning do nothing and hear nothing; new ones do. */
static void
test_hangs (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed_quiet (&bed);
  bed.service[BED_WORKERS].hangs = TRUE;
  bed.queue[BED_DEFAULT].holds = 50;
  bed.queue[BED_DEFAULT].in_work = 2;
  World *world = bed_begin (&bed, 1);
  g_autofree char *name = process_name (&bed, 0);
  bed_pass (&bed, 300);
  g_assert_cmpstr (world_key_type (world, name), ==, "none");
  g_assert_cmpint (bed_tally (&bed, "queued"), ==, 50);
  g_assert_cmpint (bed_tally (&bed, "in_work"), ==, 2);
  world_create (world, "workers", 3);
  bed_pass (&bed, 60);
  g_assert_cmpint (bed_tally (&bed, "queued"), ==, 0);
  world_stop (world, bed_container (&bed, "workers", 1)->id, 60 * BED_S);
  bed_pass (&bed, 59);
  g_assert_cmpint (bed_container (&bed, "workers", 1)->state, ==, CONTAINER_STOPPING);
  bed_pass (&bed, 1);
  g_assert_cmpint (bed_container (&bed, "workers", 1)->exit, ==, 137);
  g_assert_cmpint (bed_tally (&bed, "lost"), ==, 2);
  world_start (world, bed_container (&bed, "workers", 1)->id);
  bed_pass (&bed, 5);
  g_autofree char *again = process_name (&bed, 3);
  g_assert_cmpstr (world_key_type (world, again), ==, "hash");
}

/* Those that hang go on where they were, and hear what they were told meanwhile. */
static void
test_recovers (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed_quiet (&bed);
  bed.service[BED_WORKERS].hangs = TRUE;
  bed.service[BED_WORKERS].recovers_us = 300 * BED_S;
  bed.queue[BED_DEFAULT].holds = 50;
  bed.queue[BED_DEFAULT].in_work = 2;
  World *world = bed_begin (&bed, 1);
  g_autofree char *name = process_name (&bed, 0);
  bed_pass (&bed, 290);
  g_assert_cmpint (bed_tally (&bed, "queued"), ==, 50);
  world_stop (world, bed_container (&bed, "workers", 2)->id, 60 * BED_S);
  g_assert_cmpstr (world_key_type (world, name), ==, "none");
  bed_pass (&bed, 10.1);
  g_assert_cmpstr (world_key_type (world, name), ==, "hash");
  bed_pass (&bed, 60);
  g_assert_cmpint (bed_tally (&bed, "queued"), ==, 0);
  g_assert_cmpint (bed_tally (&bed, "lost"), ==, 0);
  g_assert_cmpint (bed_container (&bed, "workers", 1)->state, ==, CONTAINER_RUNNING);
  g_assert_cmpint (bed_container (&bed, "workers", 2)->state, ==, CONTAINER_EXITED);
  g_assert_cmpint (bed_container (&bed, "workers", 2)->exit, ==, 0);
  json_t *told = world_told (world);
  g_assert_cmpuint (bed_count (told, "recovered", NULL), ==, 2);
  json_decref (told);
  bed_assert_balance (&bed);
}

/* One that was started again in the meantime has nothing to recover from. */
static void
test_restarted (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed.service[BED_WORKERS].hangs = TRUE;
  bed.service[BED_WORKERS].recovers_us = 60 * BED_S;
  World *world = bed_begin (&bed, 1);
  for (guint number = 1; number <= 2; number++) {
    world_kill (world, bed_container (&bed, "workers", number)->id);
    world_start (world, bed_container (&bed, "workers", number)->id);
  }
  bed_pass (&bed, 120);
  json_t *told = world_told (world);
  g_assert_cmpuint (bed_count (told, "recovered", NULL), ==, 0);
  json_decref (told);
}

/* A worker without Redis ends as soon as it has begun, again and again. */
static void
test_no_redis (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed.service[BED_REDIS].running = bed.service[BED_WORKERS].running = 0;
  bed_begin (&bed, 1);
  bed_start (&bed, "workers");
  bed_pass (&bed, 18);
  const Container *worker = bed_container (&bed, "workers", 1);
  g_assert_cmpuint (worker->restarts, ==, 4);
  g_assert_cmpint (worker->state, ==, CONTAINER_RUNNING);
  g_assert_nonnull (strstr (worker->log->pdata[0], "\tError connecting to Redis"));
  bed_start (&bed, "redis");
  bed_pass (&bed, 6);
  g_assert_cmpuint (worker->restarts, ==, 4);
  g_assert_cmpuint (world_key_length (bed.world, "processes"), ==, 2);
}

static void
test_log (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed_begin (&bed, 1);
  const Container *web = bed_container (&bed, "web", 1);
  for (guint i = 0; i < 300; i++) {
    world_kill (bed.world, web->id);
    bed_start (&bed, "web");
    bed_pass (&bed, 2);
  }
  g_assert_cmpuint (web->log->len, ==, 200);
  g_assert_cmpstr (web->log->pdata[199], ==, "2026-11-22T08:22:01.000000Z\tweb is up");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/world-workers/begin", test_begin);
  g_test_add_func ("/world-workers/stop", test_stop);
  g_test_add_func ("/world-workers/grace", test_grace);
  g_test_add_func ("/world-workers/scale", test_scale);
  for (guint i = 0; i < G_N_ELEMENTS (stops); i++) {
    g_autofree char *path = g_strconcat ("/world-workers/jobs/", stops[i].name, NULL);
    g_test_add_data_func (path, &stops[i], test_stop_workers);
  }
  g_test_add_func ("/world-workers/finish", test_finish);
  g_test_add_func ("/world-workers/handed-back-first", test_handed_back_first);
  g_test_add_func ("/world-workers/nowhere-to-go", test_nowhere_to_go);
  g_test_add_func ("/world-workers/quiet", test_quiet);
  g_test_add_func ("/world-workers/signals", test_signals);
  g_test_add_func ("/world-workers/term", test_term);
  g_test_add_func ("/world-workers/names", test_names);
  g_test_add_func ("/world-workers/hangs", test_hangs);
  g_test_add_func ("/world-workers/recovers", test_recovers);
  g_test_add_func ("/world-workers/restarted", test_restarted);
  g_test_add_func ("/world-workers/no-redis", test_no_redis);
  g_test_add_func ("/world-workers/log", test_log);
  return g_test_run ();
}
