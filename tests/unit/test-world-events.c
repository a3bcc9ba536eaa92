/* What a scenario lets come to pass in the simulated world, when, and how it is told. */
#include "tests/unit/world_bed.h"

/* ---- when -------------------------------------------------------------------------- */

typedef struct {
  const char *name;
  ScenarioTrigger trigger;
  double at_s; /* app is stopped at 10 s (gone at 12), started at 20 (up at 25) */
} When;

static const When whens[] = {
  { "at", SCENARIO_AT, 3 },
  { "stopping", SCENARIO_STOPPING, 13 },
  { "stopped", SCENARIO_STOPPED, 15 },
  { "up", SCENARIO_UP, 28 },
};

static void
test_when (const void *data)
{
  const When *when = data;
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed_event (&bed, (ScenarioEvent){ .trigger = (int)when->trigger,
                                    .of = (char *)"app",
                                    .delay_us = 3 * BED_S,
                                    .kind = SCENARIO_DROP_LINE,
                                    .story = (char *)"The line was cut" });
  World *world = bed_begin (&bed, 1);
  for (guint round = 0; round < 2; round++) {
    bed_pass (&bed, 10);
    bed_stop (&bed, "app", 10);
    bed_pass (&bed, 10);
    bed_start (&bed, "app");
  }
  bed_pass (&bed, 10);
  json_t *told = world_told (world);
  const json_t *event = NULL;
  g_assert_cmpuint (bed_count (told, "drop-line", &event), ==, 1);
  g_assert_cmpfloat_with_epsilon (bed_at (event), when->at_s, 1e-9);
  g_assert_cmpstr (bed_text (event, "story"), ==, "The line was cut");
  json_decref (told);
  g_assert_true (world_drops_line (world));
  g_assert_false (world_drops_line (world));
}

/* One of two that stops is not the service that has stopped; another service is none. */
static void
test_not_yet (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed_event (&bed, (ScenarioEvent){ .trigger = SCENARIO_STOPPED,
                                    .of = (char *)"app",
                                    .kind = SCENARIO_DROP_LINE });
  bed_event (&bed, (ScenarioEvent){ .trigger = SCENARIO_UP,
                                    .of = (char *)"app",
                                    .kind = SCENARIO_DROP_LINE });
  World *world = bed_begin (&bed, 1);
  world_stop (world, bed_container (&bed, "app", 1)->id, 10 * BED_S);
  bed_stop (&bed, "web", 10);
  bed_pass (&bed, 30);
  world_start (world, bed_container (&bed, "app", 1)->id);
  bed_pass (&bed, 30);
  g_assert_false (world_drops_line (world));
}

static void
test_every (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed_event (&bed, (ScenarioEvent){ .delay_us = 5 * BED_S,
                                    .every_us = 10 * BED_S,
                                    .kind = SCENARIO_FLAP,
                                    .lasts_us = 2 * BED_S });
  World *world = bed_begin (&bed, 1);
  for (guint second = 0; second < 60; second++) {
    gboolean flaps = second % 10 == 5 || second % 10 == 6;
    g_assert_cmpint (world_redis (world), ==, flaps ? REDIS_FLAPPING : REDIS_UP);
    bed_pass (&bed, 1);
  }
  json_t *told = world_told (world);
  g_assert_cmpuint (bed_count (told, "flap", NULL), ==, 6);
  json_decref (told);
}

/* ---- what ---------------------------------------------------------------------------- */

static void
test_intruder (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed_event (&bed, (ScenarioEvent){ .trigger = SCENARIO_STOPPED,
                                    .of = (char *)"app",
                                    .delay_us = 20 * BED_S,
                                    .kind = SCENARIO_START,
                                    .service = (char *)"app",
                                    .story = (char *)"A colleague started it" });
  World *world = bed_begin (&bed, 1);
  bed_stop (&bed, "app", 10);
  bed_pass (&bed, 3);
  world_remove (world, bed_container (&bed, "app", 2)->id);
  bed_pass (&bed, 18.9);
  g_assert_cmpuint (bed_running (&bed, "app"), ==, 0);
  bed_pass (&bed, 0.1);
  g_assert_cmpuint (bed_running (&bed, "app"), ==, 2);
  json_t *told = world_told (world);
  const json_t *event = NULL, *started = NULL;
  g_assert_cmpuint (bed_count (told, "intruder", &event), ==, 1);
  g_assert_cmpstr (bed_text (event, "service"), ==, "app");
  g_assert_cmpstr (bed_text (event, "story"), ==, "A colleague started it");
  g_assert_cmpuint (bed_count (told, "started", &started), ==, 2);
  g_assert_cmpstr (bed_text (started, "story"), ==, "");
  json_decref (told);
}

static void
test_kill (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed_event (&bed, (ScenarioEvent){ .delay_us = BED_S,
                                    .kind = SCENARIO_KILL,
                                    .service = (char *)"workers" });
  World *world = bed_begin (&bed, 1);
  bed_pass (&bed, 100);
  g_assert_cmpuint (bed_running (&bed, "workers"), ==, 0);
  g_assert_cmpint (bed_container (&bed, "workers", 2)->exit, ==, 137);
  json_t *told = world_told (world);
  g_assert_cmpuint (bed_count (told, "killed", NULL), ==, 2);
  json_decref (told);
}

static void
test_refuse (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed_event (&bed, (ScenarioEvent){ .delay_us = BED_S,
                                    .kind = SCENARIO_REFUSE,
                                    .service = (char *)"app",
                                    .times = 2,
                                    .says = (char *)"not now",
                                    .story = (char *)"The engine was busy" });
  World *world = bed_begin (&bed, 1);
  const char *says = NULL;
  g_assert_false (world_refuses (world, "app", &says));
  bed_pass (&bed, 1);
  g_assert_false (world_refuses (world, "web", &says));
  g_assert_null (says);
  g_assert_true (world_refuses (world, "app", &says));
  g_assert_cmpstr (says, ==, "not now");
  g_assert_true (world_refuses (world, "app", &says));
  g_assert_false (world_refuses (world, "app", &says));
  json_t *told = world_told (world);
  const json_t *event = NULL;
  g_assert_cmpuint (bed_count (told, "refused", &event), ==, 2);
  g_assert_cmpstr (bed_text (event, "story"), ==, "The engine was busy");
  json_decref (told);
}

static void
test_jobs (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed_quiet (&bed);
  bed_event (&bed, (ScenarioEvent){ .delay_us = BED_S,
                                    .kind = SCENARIO_JOBS,
                                    .queue = (char *)"mail",
                                    .count = 30,
                                    .lasts_us = 7 * BED_S });
  World *world = bed_begin (&bed, 1);
  bed_pass (&bed, 1);
  g_assert_cmpint (bed_tally (&bed, "in_work"), ==, 10);
  g_assert_cmpint (bed_tally (&bed, "queued"), ==, 20);
  bed_pass (&bed, 7);
  g_assert_cmpint (bed_tally (&bed, "done"), ==, 10);
  bed_pass (&bed, 14);
  g_assert_cmpint (bed_tally (&bed, "done"), ==, 30);
  json_t *told = world_told (world);
  const json_t *event = NULL;
  g_assert_cmpuint (bed_count (told, "jobs-arrived", &event), ==, 1);
  g_assert_cmpint (bed_number (event, "jobs"), ==, 30);
  g_assert_cmpuint (bed_count (told, "job-arrived", NULL), ==, 0);
  json_decref (told);
  told = world_told (world);
  g_assert_cmpuint (json_array_size (told), ==, 0);
  json_decref (told);
}

/* The first queue of the file is emptied before the second is looked at. */
static void
test_order (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed_quiet (&bed);
  for (guint i = 0; i < BED_QUEUES; i++) {
    bed.queue[i].holds = 100;
    bed.queue[i].least_us = bed.queue[i].most_us = BED_S;
  }
  bed_begin (&bed, 1);
  bed_pass (&bed, 8.5);
  g_assert_cmpuint (world_key_length (bed.world, "queue:default"), ==, 10);
  g_assert_cmpuint (world_key_length (bed.world, "queue:mail"), ==, 100);
  bed_pass (&bed, 2);
  g_assert_cmpuint (world_key_length (bed.world, "queue:mail"), ==, 90);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (whens); i++) {
    g_autofree char *path = g_strconcat ("/world-events/when/", whens[i].name, NULL);
    g_test_add_data_func (path, &whens[i], test_when);
  }
  g_test_add_func ("/world-events/not-yet", test_not_yet);
  g_test_add_func ("/world-events/every", test_every);
  g_test_add_func ("/world-events/intruder", test_intruder);
  g_test_add_func ("/world-events/kill", test_kill);
  g_test_add_func ("/world-events/refuse", test_refuse);
  g_test_add_func ("/world-events/jobs", test_jobs);
  g_test_add_func ("/world-events/order", test_order);
  return g_test_run ();
}
