/* The simulated world as a whole: seeds, time, and that no job is lost uncounted. */
#include "tests/unit/world_bed.h"

#define HOUR_S 3600

static char *
told_text (World *world)
{
  json_t *told = world_told (world);
  char *text = json_dumps (told, JSON_COMPACT);
  json_decref (told);
  return text;
}

/* Everything that comes to pass in `seconds`, single jobs too. */
static char *
story_of (Bed *bed, guint64 seed, double seconds)
{
  bed_begin (bed, seed);
  world_tell_jobs (bed->world, TRUE);
  bed_pass (bed, seconds);
  return told_text (bed->world);
}

static void
test_seed (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed.queue[BED_DEFAULT].holds = 200;
  bed_event (&bed, (ScenarioEvent){ .kind = SCENARIO_FLAP,
                                    .delay_us = 60 * BED_S,
                                    .lasts_us = 7 * BED_S,
                                    .every_us = 300 * BED_S });
  g_autofree char *one = story_of (&bed, 1, HOUR_S);
  g_autofree char *same = story_of (&bed, 1, HOUR_S);
  g_autofree char *other = story_of (&bed, 2, HOUR_S);
  g_assert_cmpuint (strlen (one), >, 100000);
  g_assert_cmpstr (one, ==, same);
  g_assert_cmpstr (one, !=, other);
  bed_assert_balance (&bed);
}

/* What arrives is about what the scenario says, and not in step. */
static void
test_rate (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed_begin (&bed, 3);
  bed_pass (&bed, HOUR_S);
  gint64 arrived = bed_tally (&bed, "arrived");
  g_assert_cmpint (arrived, >, 60 * 132 - 400);
  g_assert_cmpint (arrived, <, 60 * 132 + 400);
  g_assert_cmpint (bed_tally (&bed, "done"), >, arrived - 20);
}

/* ---- commands ---------------------------------------------------------------- */

static void
command (Bed *bed, GRand *random)
{
  const GPtrArray *containers = world_containers (bed->world);
  static const char *const services[] = { "web", "app", "workers", "redis" };
  const char *service = services[g_rand_int_range (random, 0, 4)];
  const Container *container =
      containers->len > 0
          ? containers->pdata[g_rand_int_range (random, 0, (gint32)containers->len)]
          : NULL;
  const char *says;
  int kind = g_rand_int_range (random, 0, 9);
  if (kind == 0)
    world_create (bed->world, service, (guint)g_rand_int_range (random, 0, 5));
  else if (kind == 1)
    world_redis_save (bed->world);
  else if (kind == 2 && container)
    world_remove (bed->world, container->id);
  else if (kind == 3 && container)
    world_kill (bed->world, container->id);
  else if (kind == 4 && container)
    world_stop (bed->world, container->id, g_rand_int_range (random, 0, 40) * BED_S);
  else if (kind == 5)
    world_refuses (bed->world, service, &says);
  else if (kind == 6) {
    json_t *names = world_key (bed->world, "processes");
    for (size_t i = 0; i < json_array_size (names); i++)
      world_signal (bed->world, json_string_value (json_array_get (names, i)),
                    g_rand_boolean (random) ? "TSTP" : "TERM");
    json_decref (names);
  } else
    bed_start (bed, service);
}

/* So many commands at times of chance, looked at after each and in between. */
static void
live_through (Bed *bed, guint seed, gint64 step_us)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  for (guint i = 0; i < 60; i++) {
    gint64 until_us = world_now_us (bed->world) + g_rand_int_range (random, 0, 20000000);
    while (world_now_us (bed->world) < until_us) {
      gint64 now_us = world_now_us (bed->world) + step_us;
      world_advance (bed->world, MIN (now_us, until_us));
      if (step_us >= BED_S)
        bed_assert_balance (bed);
    }
    command (bed, random);
    bed_assert_balance (bed);
  }
}

static void
test_balance (void)
{
  for (guint seed = 0; seed < 60; seed++) {
    g_auto (Bed) bed = { 0 };
    bed_open (&bed);
    bed.queue[BED_DEFAULT].holds = 150;
    bed.queue[BED_MAIL].in_work = 3;
    bed.service[BED_REDIS].keeps = (int)(seed % 3);
    bed.service[BED_WORKERS].hangs = seed % 7 == 0;
    bed_event (&bed, (ScenarioEvent){ .kind = SCENARIO_JOBS,
                                      .delay_us = 30 * BED_S,
                                      .queue = (char *)"mail",
                                      .count = 40,
                                      .lasts_us = 20 * BED_S,
                                      .every_us = 100 * BED_S });
    bed_event (&bed, (ScenarioEvent){ .kind = SCENARIO_FLAP,
                                      .delay_us = 50 * BED_S,
                                      .lasts_us = 5 * BED_S,
                                      .every_us = 70 * BED_S });
    bed_begin (&bed, seed);
    live_through (&bed, seed, BED_S);
  }
}

/* In steps or in one leap: the same comes to pass. */
static void
test_steps (void)
{
  static const gint64 steps_us[] = { 1000, 170000, G_MAXINT32 };
  g_autofree char *first = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (steps_us); i++) {
    g_auto (Bed) bed = { 0 };
    bed_open (&bed);
    bed.queue[BED_DEFAULT].holds = 100;
    bed_event (&bed, (ScenarioEvent){ .kind = SCENARIO_START,
                                      .trigger = SCENARIO_STOPPED,
                                      .of = (char *)"app",
                                      .delay_us = BED_S,
                                      .service = (char *)"app" });
    bed_begin (&bed, 11);
    world_tell_jobs (bed.world, TRUE);
    live_through (&bed, 5, steps_us[i]);
    g_autofree char *told = told_text (bed.world);
    if (!first)
      first = g_steal_pointer (&told);
    else
      g_assert_cmpstr (told, ==, first);
  }
}

/* Single jobs that arrived: "at queue jid takes" of each. */
static GHashTable *
told_arrivals (World *world)
{
  GHashTable *found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  json_t *told = world_told (world);
  for (size_t i = 0; i < json_array_size (told); i++) {
    const json_t *event = json_array_get (told, i);
    if (strcmp (bed_text (event, "event"), "job-arrived") != 0)
      continue;
    double takes = json_real_value (json_object_get (event, "takes"));
    g_assert_cmpfloat (takes, >, 0);
    g_hash_table_add (found, g_strdup_printf ("%.6f %s %s %.6f", bed_at (event),
                                              bed_text (event, "queue"),
                                              bed_text (event, "jid"), takes));
  }
  json_decref (told);
  return found;
}

/* `person` 0: nobody does anything; others do different things at different times. */
static GHashTable *
arrivals_of (guint64 seed, guint person)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed_event (&bed, (ScenarioEvent){ .kind = SCENARIO_JOBS,
                                    .delay_us = 30 * BED_S,
                                    .queue = (char *)"mail",
                                    .count = 7,
                                    .lasts_us = 20 * BED_S,
                                    .every_us = 40 * BED_S });
  bed_begin (&bed, seed);
  world_tell_jobs (bed.world, TRUE);
  if (person > 0)
    live_through (&bed, person, BED_S);
  world_advance (bed.world, 1300 * BED_S);
  return told_arrivals (bed.world);
}

/* What somebody does may keep a job away, and changes none. */
static void
test_same_jobs (void)
{
  g_autoptr (GHashTable) alone = arrivals_of (3, 0);
  g_assert_cmpuint (g_hash_table_size (alone), >, 2000);
  for (guint person = 1; person <= 5; person++) {
    g_autoptr (GHashTable) some = arrivals_of (3, person);
    g_autoptr (GHashTable) other = arrivals_of (4, person);
    GHashTableIter iter;
    void *job;
    g_assert_cmpuint (g_hash_table_size (some), >, 100);
    g_hash_table_iter_init (&iter, some);
    while (g_hash_table_iter_next (&iter, &job, NULL))
      g_assert_true (g_hash_table_contains (alone, job));
    g_hash_table_iter_init (&iter, other);
    while (g_hash_table_iter_next (&iter, &job, NULL))
      g_assert_false (g_hash_table_contains (alone, job));
  }
}

/* One worker starts again and two more are made, the first of it sooner or later. */
static void
test_same_names (void)
{
  char *first = NULL;
  for (guint late = 0; late < 2; late++) {
    g_auto (Bed) bed = { 0 };
    bed_open (&bed);
    World *world = bed_begin (&bed, 3);
    world_kill (world, bed_container (&bed, "workers", 1)->id);
    world_start (world, bed_container (&bed, "workers", 1)->id);
    bed_pass (&bed, late * 10.0);
    world_create (world, "workers", 4);
    bed_pass (&bed, 30);
    json_t *processes = world_key (world, "processes");
    char *names = json_dumps (processes, 0);
    g_assert_cmpuint (json_array_size (processes), ==, 5); /* that which died, too */
    json_decref (processes);
    if (!first)
      first = g_steal_pointer (&names);
    else
      g_assert_cmpstr (names, ==, first);
    free (names);
  }
  free (first);
}

/* Never goes back, and knows when it goes on. */
static void
test_next (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed_begin (&bed, 1);
  gint64 next_us = world_next_us (bed.world);
  g_assert_cmpint (next_us, >, 0);
  world_advance (bed.world, next_us - 1);
  g_assert_cmpint (world_next_us (bed.world), ==, next_us);
  world_advance (bed.world, next_us);
  g_assert_cmpint (world_next_us (bed.world), >, next_us);
  world_advance (bed.world, 10);
  g_assert_cmpint (world_now_us (bed.world), ==, next_us);
  g_assert_cmpint (world_wall_us (bed.world), ==, BED_WALL + next_us);
}

/* ---- what arrives -------------------------------------------------------------- */

/* "at queue jid" of every job that arrived in that queue after `from_s`, a line each. */
static char *
arrivals (Bed *bed, const char *queue, double from_s)
{
  json_t *told = world_told (bed->world);
  GString *text = g_string_new (NULL);
  for (size_t i = 0; i < json_array_size (told); i++) {
    const json_t *one = json_array_get (told, i);
    if (strcmp (bed_text (one, "event"), "job-arrived") == 0 && bed_at (one) >= from_s &&
        strcmp (bed_text (one, "queue"), queue) == 0)
      g_string_append_printf (text, "%.6f %s\n", bed_at (one), bed_text (one, "jid"));
  }
  json_decref (told);
  return g_string_free (text, FALSE);
}

static void
test_arrivals (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed.queue[BED_DEFAULT].from = NULL;
  bed_begin (&bed, 4);
  world_tell_jobs (bed.world, TRUE);
  bed_pass (&bed, 600);
  g_autofree char *untouched = arrivals (&bed, "default", 0);
  bed_begin (&bed, 4);
  world_tell_jobs (bed.world, TRUE);
  bed_pass (&bed, 100);
  bed_stop (&bed, "workers", 3);
  bed_stop (&bed, "app", 10);
  bed_pass (&bed, 100);
  world_create (bed.world, "workers", 4);
  bed_pass (&bed, 400);
  g_autofree char *touched = arrivals (&bed, "default", 0);
  g_assert_cmpuint (strlen (untouched), >, 10000);
  g_assert_cmpstr (untouched, ==, touched);
}

/* What the application brings stops with it, and goes on as if it had not; the other
 * queue does not care. */
static void
test_source (void)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed_begin (&bed, 4);
  world_tell_jobs (bed.world, TRUE);
  bed_pass (&bed, 600);
  g_autofree char *untouched = arrivals (&bed, "default", 400);
  bed_begin (&bed, 4);
  world_tell_jobs (bed.world, TRUE);
  bed_pass (&bed, 100);
  bed_stop (&bed, "app", 10);
  bed_pass (&bed, 5);
  json_decref (world_told (bed.world));
  bed_pass (&bed, 195);
  json_t *told = world_told (bed.world);
  const json_t *mail = NULL;
  guint count = bed_count (told, "job-arrived", &mail);
  g_assert_cmpuint (count, >, 10);
  g_assert_cmpuint (count, <, 100);
  g_assert_cmpstr (bed_text (mail, "queue"), ==, "mail");
  json_decref (told);
  bed_start (&bed, "app");
  bed_pass (&bed, 300);
  g_autofree char *after = arrivals (&bed, "default", 400);
  g_assert_cmpuint (strlen (untouched), >, 1000);
  g_assert_cmpstr (untouched, ==, after);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/world/seed", test_seed);
  g_test_add_func ("/world/rate", test_rate);
  g_test_add_func ("/world/balance", test_balance);
  g_test_add_func ("/world/steps", test_steps);
  g_test_add_func ("/world/same-jobs", test_same_jobs);
  g_test_add_func ("/world/same-names", test_same_names);
  g_test_add_func ("/world/next", test_next);
  g_test_add_func ("/world/arrivals", test_arrivals);
  g_test_add_func ("/world/source", test_source);
  return g_test_run ();
}
