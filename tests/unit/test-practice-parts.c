/* What the simulated world is made of: chance, a timetable, lists of jobs. */
#include "core/practice/world/chance.h"
#include "core/practice/world/job_list.h"
#include "core/practice/world/timetable.h"

#define DRAWS 20000

/* ---- chance ---------------------------------------------------------------------- */

/* The same seed and name give the same; another of either does not. */
static void
test_streams (void)
{
  Chance one, same, other_seed, other_name;
  chance_begin (&one, 7, "queue default");
  chance_begin (&same, 7, "queue default");
  chance_begin (&other_seed, 8, "queue default");
  chance_begin (&other_name, 7, "queue mail");
  for (guint i = 0; i < 100; i++) {
    guint64 drawn = chance_next (&one);
    g_assert_cmpuint (drawn, ==, chance_next (&same));
    g_assert_cmpuint (drawn, !=, chance_next (&other_seed));
    g_assert_cmpuint (drawn, !=, chance_next (&other_name));
  }
}

/* The first numbers of the published generator from the state 0. */
static void
test_splitmix (void)
{
  Chance chance = { 0 };
  g_assert_cmpuint (chance_next (&chance), ==, G_GUINT64_CONSTANT (16294208416658607535));
  g_assert_cmpuint (chance_next (&chance), ==, G_GUINT64_CONSTANT (7960286522194355700));
  g_assert_cmpuint (chance_next (&chance), ==, G_GUINT64_CONSTANT (487617019471545679));
}

static void
test_between (void)
{
  Chance chance;
  gint64 seen[5] = { 0 };
  chance_begin (&chance, 1, "between");
  for (guint i = 0; i < DRAWS; i++)
    seen[chance_between (&chance, -2, 2) + 2]++;
  for (guint i = 0; i < 5; i++)
    g_assert_cmpint (ABS (seen[i] - DRAWS / 5), <, DRAWS / 50);
  g_assert_cmpint (chance_between (&chance, 9, 9), ==, 9);
  g_assert_cmpint (chance_between (&chance, 9, 3), ==, 9);
}

/* An exponential gap: its mean, and that 1 - 1/e of them are shorter. */
static void
test_gap (void)
{
  Chance chance;
  gint64 sum_us = 0;
  guint shorter = 0;
  chance_begin (&chance, 1, "gap");
  for (guint i = 0; i < DRAWS; i++) {
    gint64 gap_us = chance_gap_us (&chance, 60);
    g_assert_cmpint (gap_us, >, 0);
    sum_us += gap_us;
    if (gap_us < G_USEC_PER_SEC)
      shorter++;
  }
  g_assert_cmpfloat_with_epsilon ((double)sum_us / DRAWS, 1e6, 3e4);
  g_assert_cmpfloat_with_epsilon ((double)shorter / DRAWS, 0.632, 0.015);
}

static void
test_hex (void)
{
  Chance chance;
  chance_begin (&chance, 1, "hex");
  g_autofree char *none = chance_hex (&chance, 0);
  g_autofree char *some = chance_hex (&chance, 40);
  g_assert_cmpstr (none, ==, "");
  g_assert_true (g_regex_match_simple ("^[0-9a-f]{40}$", some, 0, 0));
}

/* ---- the timetable ------------------------------------------------------------------ */

static void
test_timetable (void)
{
  g_autoptr (Timetable) timetable = timetable_new ();
  Due late = { 0 }, soon = { 0 }, soon_too = { 0 }, never = { 0 };
  g_assert_cmpint (timetable_next_us (timetable), ==, -1);
  timetable_set (timetable, &late, 30);
  timetable_set (timetable, &never, 5);
  timetable_set (timetable, &soon, 20);
  timetable_set (timetable, &soon_too, 20);
  timetable_clear (timetable, &never);
  timetable_clear (timetable, &never);
  g_assert_cmpint (timetable_next_us (timetable), ==, 20);
  g_assert_null (timetable_take (timetable, 19));
  timetable_set (timetable, &soon, 20); /* planned anew: behind the other */
  g_assert_true (timetable_take (timetable, 20) == &soon_too);
  g_assert_true (timetable_take (timetable, 20) == &soon);
  g_assert_null (timetable_take (timetable, 20));
  timetable_set (timetable, &late, 10);
  g_assert_true (timetable_take (timetable, 100) == &late);
  g_assert_null (late.place);
  g_assert_cmpint (timetable_next_us (timetable), ==, -1);
}

/* ---- lists of jobs -------------------------------------------------------------------- */

static guint64
id_at (const JobList *list, gint64 index)
{
  const Job *job = job_list_at (list, index);
  return job ? job->id : 0;
}

static void
test_list (void)
{
  g_autoptr (JobList) list = job_list_new ();
  Job job = { 0 };
  g_assert_false (job_list_take (list, &job));
  for (guint64 id = 1; id <= 1000; id++)
    job_list_push (list, &(Job){ .id = id });
  g_assert_cmpuint (id_at (list, 0), ==, 1000);
  g_assert_cmpuint (id_at (list, 999), ==, 1);
  g_assert_cmpuint (id_at (list, -1), ==, 1);
  g_assert_cmpuint (id_at (list, -1000), ==, 1000);
  g_assert_null (job_list_at (list, 1000));
  g_assert_null (job_list_at (list, -1001));
  for (guint64 id = 1; id <= 700; id++) {
    g_assert_true (job_list_take (list, &job));
    g_assert_cmpuint (job.id, ==, id);
    g_assert_cmpuint (id_at (list, -1), ==, id + 1);
    g_assert_cmpuint (job_list_length (list), ==, 1000 - id);
  }
  job_list_give_back (list, &(Job){ .id = 5 });
  job_list_give_back (list, &(Job){ .id = 4 });
  g_assert_cmpuint (id_at (list, -1), ==, 4);
  g_assert_cmpuint (id_at (list, -3), ==, 701);
  g_assert_cmpuint (id_at (list, 0), ==, 1000);
  g_autoptr (JobList) copy = job_list_copy (list);
  while (job_list_take (list, &job))
    ;
  job_list_give_back (list, &(Job){ .id = 9 });
  g_assert_cmpuint (job_list_length (list), ==, 1);
  g_assert_cmpuint (job_list_length (copy), ==, 302);
  g_assert_cmpuint (id_at (copy, -1), ==, 4);
}

static void
test_common (void)
{
  g_autoptr (JobList) one = job_list_new ();
  g_autoptr (JobList) other = job_list_new ();
  g_assert_cmpuint (job_list_common (one, other), ==, 0);
  for (guint64 id = 1; id <= 10; id++)
    job_list_push (one, &(Job){ .id = id });
  for (guint64 id = 8; id <= 20; id++)
    job_list_push (other, &(Job){ .id = id });
  job_list_push (other, &(Job){ .id = 9 });
  g_assert_cmpuint (job_list_common (one, other), ==, 3);
  g_assert_cmpuint (job_list_common (other, one), ==, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chance/streams", test_streams);
  g_test_add_func ("/chance/splitmix", test_splitmix);
  g_test_add_func ("/chance/between", test_between);
  g_test_add_func ("/chance/gap", test_gap);
  g_test_add_func ("/chance/hex", test_hex);
  g_test_add_func ("/timetable", test_timetable);
  g_test_add_func ("/job-list/ends", test_list);
  g_test_add_func ("/job-list/common", test_common);
  return g_test_run ();
}
