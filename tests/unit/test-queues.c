/* Job queues judged: series in tests/unit/data/queues/NAME.jsonl, and in NAME.expect what
 * is to be said of them: each change of the verdict with its time, and how it ends. To
 * extend it, add a series, its name with at-most-N in it where that is not AT_MOST;
 * HANDRAIL_REGENERATE=1 writes the .expect files anew, to be read before they are kept. */
#include <math.h>
#include <string.h>

#include "core/checks/queues_judge.h"

#define WINDOW_S 120
#define AT_MOST 5

static char *
data_path (const char *name, const char *ending)
{
  g_autofree char *file = g_strconcat (name, ending, NULL);
  return g_test_build_filename (G_TEST_DIST, "tests", "unit", "data", "queues", file,
                                NULL);
}

static QueuesSample *
sample_of (const char *line)
{
  g_autoptr (GError) error = NULL;
  QueuesSample *sample = queues_sample_read (line, strlen (line), &error);
  g_assert_no_error (error);
  return sample;
}

static QueuesJudgement
add (QueuesJudge *judge, const char *line)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QueuesSample) sample = sample_of (line);
  queues_judge_add (judge, sample, &error);
  g_assert_no_error (error);
  return queues_judge_whole (judge, sample->at_s);
}

static QueuesJudgement
add_one (QueuesJudge *judge, double at_s, guint size, const char *rest)
{
  g_autofree char *line = g_strdup_printf (
      "{\"at\": %f, \"queues\": [{\"name\": \"a\", \"size\": %u}]%s}", at_s, size, rest);
  return add (judge, line);
}

#define IDLE ", \"busy\": 0, \"processed\": 7"

/* ---- series ---------------------------------------------------------------- */

static void
describe (GString *out, const char *name, QueuesJudgement judgement)
{
  g_string_append_printf (out, "%s: %s, %.0f left", name,
                          queues_verdict_name (judgement.verdict), judgement.size);
  if (!isnan (judgement.slope))
    g_string_append_printf (out, ", %+.3f/s", judgement.slope + 0.0);
  if (judgement.eta)
    g_string_append_printf (out, ", eta %.0f %.0f %.0f s", judgement.eta_low_s,
                            judgement.eta_middle_s, judgement.eta_high_s);
  g_string_append_c (out, '\n');
}

static void
describe_end (GString *out, const QueuesJudge *judge, const QueuesSample *sample)
{
  double workers = 0;
  describe (out, "end", queues_judge_whole (judge, sample->at_s));
  for (guint i = 0; i < sample->queues->len; i++) {
    const QueuesOne *one = &g_array_index (sample->queues, QueuesOne, i);
    g_autofree char *name = g_strescape (one->name, NULL);
    describe (out, name, queues_judge_one (judge, one->name, sample->at_s));
  }
  if (queues_judge_workers (judge, 600, &workers))
    g_string_append_printf (out, "workers for 10 minutes: %.0f\n", workers);
}

/* What is so in every series. */
static void
check_always (const QueuesJudge *judge, const QueuesSample *sample, double first_s,
              QueuesJudgement whole)
{
  g_assert_true (whole.eta == (whole.verdict == QUEUES_SHRINKING));
  if (whole.verdict != QUEUES_NEAR_ZERO)
    return;
  g_assert_cmpfloat (sample->at_s - first_s, >=, WINDOW_S - 0.001);
  g_assert_cmpfloat (whole.size, <=, queues_judge_at_most (judge));
  g_assert_false (sample->busy > 0);
  for (guint i = 0; i < sample->queues->len; i++) {
    const QueuesOne *one = &g_array_index (sample->queues, QueuesOne, i);
    QueuesJudgement judgement = queues_judge_one (judge, one->name, sample->at_s);
    g_assert_cmpint (judgement.verdict, !=, QUEUES_GROWING);
  }
}

static double
at_most_of (const char *name)
{
  const char *said = strstr (name, "at-most-");
  return said ? g_ascii_strtod (said + strlen ("at-most-"), NULL) : AT_MOST;
}

static char *
judge_series (const char *name, const char *text)
{
  g_autoptr (QueuesJudge) judge = queues_judge_new (WINDOW_S, at_most_of (name));
  g_auto (GStrv) lines = g_strsplit (g_strchomp ((char *)text), "\n", -1);
  GString *out = g_string_new (NULL);
  QueuesVerdict verdict = QUEUES_STALE;
  double first_s = 0;
  for (guint i = 0; lines[i]; i++) {
    QueuesJudgement whole = add (judge, lines[i]);
    g_autoptr (QueuesSample) sample = sample_of (lines[i]);
    first_s = i == 0 ? sample->at_s : first_s;
    check_always (judge, sample, first_s, whole);
    if (whole.verdict != verdict || i == 0)
      g_string_append_printf (out, "%.0f %s\n", sample->at_s - first_s,
                              queues_verdict_name (whole.verdict));
    verdict = whole.verdict;
    if (!lines[i + 1])
      describe_end (out, judge, sample);
  }
  return g_string_free (out, FALSE);
}

static void
test_series (const void *name)
{
  g_autofree char *path = data_path (name, ".jsonl");
  g_autofree char *expect = data_path (name, ".expect");
  g_autofree char *text = NULL, *wanted = NULL;
  g_autoptr (GError) error = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, &error));
  g_autofree char *got = judge_series (name, text);
  if (g_getenv ("HANDRAIL_REGENERATE"))
    g_assert_true (g_file_set_contents (expect, got, -1, NULL));
  g_file_get_contents (expect, &wanted, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (got, ==, wanted);
}

static void
add_series (void)
{
  g_autofree char *folder = data_path ("", "");
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_assert_nonnull (dir);
  for (const char *file = g_dir_read_name (dir); file; file = g_dir_read_name (dir)) {
    if (!g_str_has_suffix (file, ".jsonl"))
      continue;
    char *name = g_strndup (file, strlen (file) - strlen (".jsonl"));
    g_autofree char *test = g_strconcat ("/queues/series/", name, NULL);
    g_test_add_data_func_full (test, name, test_series, g_free);
  }
}

/* ---- the window ------------------------------------------------------------ */

static void
test_window_is_filled (void)
{
  g_autoptr (QueuesJudge) judge = queues_judge_new (30, AT_MOST);
  for (double at = 0; at < 30; at += 1)
    g_assert_cmpint (add_one (judge, at, 5, IDLE).verdict, !=, QUEUES_NEAR_ZERO);
  g_assert_cmpfloat (queues_judge_seen_s (judge), ==, 29);
  g_assert_cmpfloat (queues_judge_quiet_s (judge), ==, 29);
  g_assert_cmpint (add_one (judge, 30, 5, IDLE).verdict, ==, QUEUES_NEAR_ZERO);
  /* One sample above it, however short, and the window begins anew. */
  g_assert_cmpint (add_one (judge, 31, 6, IDLE).verdict, !=, QUEUES_NEAR_ZERO);
  g_assert_cmpfloat (queues_judge_quiet_s (judge), ==, 0);
  for (double at = 32; at < 62; at += 1)
    g_assert_cmpint (add_one (judge, at, 5, IDLE).verdict, !=, QUEUES_NEAR_ZERO);
  g_assert_cmpint (add_one (judge, 62, 5, IDLE).verdict, ==, QUEUES_NEAR_ZERO);
}

/* A peak between samples that are kept counts too: ten samples a second. */
static void
test_peak_in_many (void)
{
  g_autoptr (QueuesJudge) judge = queues_judge_new (30, AT_MOST);
  for (guint i = 0; i < 700; i++) {
    const char *rest = i == 303 ? ", \"busy\": 1" : ", \"busy\": 0";
    QueuesVerdict verdict = add_one (judge, i / 10.0, i == 101 ? 6 : 0, rest).verdict;
    g_assert_true ((verdict == QUEUES_NEAR_ZERO) == (i >= 604));
  }
}

/* A worker that is busy in samples that are not kept is not overlooked. */
static void
test_busy_in_many (void)
{
  g_autoptr (QueuesJudge) judge = queues_judge_new (30, AT_MOST);
  for (guint i = 0; i < 400; i++) {
    const char *rest = i % 9 == 1 ? ", \"busy\": 1" : ", \"busy\": 0";
    g_assert_cmpint (add_one (judge, i / 10.0, 9, rest).verdict, !=, QUEUES_STUCK);
  }
  for (guint i = 400; i < 720; i++)
    add_one (judge, i / 10.0, 9, ", \"busy\": 0");
  g_assert_cmpint (queues_judge_whole (judge, 72).verdict, ==, QUEUES_STUCK);
}

/* Stale is found by the clock, not only by the next sample. */
static void
test_stale (void)
{
  g_autoptr (QueuesJudge) judge = queues_judge_new (30, AT_MOST);
  g_assert_cmpint (queues_judge_whole (judge, 0).verdict, ==, QUEUES_STALE);
  for (double at = 0; at <= 40; at += 2)
    add_one (judge, at, 0, IDLE);
  g_assert_cmpint (queues_judge_whole (judge, 46).verdict, ==, QUEUES_NEAR_ZERO);
  g_assert_cmpint (queues_judge_whole (judge, 46.1).verdict, ==, QUEUES_STALE);
  g_assert_cmpint (queues_judge_one (judge, "a", 46.1).verdict, ==, QUEUES_STALE);
  g_assert_cmpint (queues_judge_one (judge, "a", 46).verdict, ==, QUEUES_NEAR_ZERO);
  g_assert_cmpint (add_one (judge, 47, 0, IDLE).verdict, ==, QUEUES_STALE);
  g_assert_cmpint (add_one (judge, 49, 0, IDLE).verdict, ==, QUEUES_UNKNOWN);
  g_assert_cmpfloat (queues_judge_seen_s (judge), ==, 2);
}

/* Whether the first interval was a gap, only the second tells. */
static void
test_gap_first (void)
{
  g_autoptr (QueuesJudge) judge = queues_judge_new (30, AT_MOST);
  add_one (judge, 0, 0, IDLE);
  add_one (judge, 29, 0, IDLE);
  g_assert_cmpfloat (queues_judge_seen_s (judge), ==, 29);
  g_assert_cmpint (add_one (judge, 31, 0, IDLE).verdict, ==, QUEUES_UNKNOWN);
  g_assert_cmpfloat (queues_judge_seen_s (judge), ==, 2);
}

static void
test_order_of_time (void)
{
  g_autoptr (QueuesJudge) judge = queues_judge_new (30, AT_MOST);
  g_autoptr (QueuesSample) back = sample_of ("{\"at\": 8.9, \"queues\": []}");
  g_autoptr (GError) error = NULL;
  add_one (judge, 10, 1, "");
  add_one (judge, 9.5, 3, ""); /* a clock that steps a little */
  g_assert_cmpfloat (queues_judge_whole (judge, 10).size, ==, 3);
  g_assert_false (queues_judge_add (judge, back, &error));
  g_assert_error (error, QUEUES_SAMPLE_ERROR, QUEUES_SAMPLE_ERROR_SHAPE);
  g_assert_cmpfloat (queues_judge_whole (judge, 10).size, ==, 3);
}

/* ---- queues ---------------------------------------------------------------- */

/* A queue that is not listed is empty: it may come and go. */
static void
test_come_and_go (void)
{
  g_autoptr (QueuesJudge) judge = queues_judge_new (30, AT_MOST);
  for (double at = 0; at <= 40; at += 2) {
    g_autofree char *line = g_strdup_printf ("{\"at\": %f, \"queues\": []}", at);
    add (judge, line);
  }
  add_one (judge, 42, 5, IDLE);
  g_assert_cmpint (queues_judge_one (judge, "a", 42).verdict, ==, QUEUES_NEAR_ZERO);
  add_one (judge, 44, 50, IDLE);
  g_assert_cmpint (queues_judge_one (judge, "a", 44).verdict, !=, QUEUES_NEAR_ZERO);
  g_assert_cmpint (queues_judge_one (judge, "b", 44).verdict, ==, QUEUES_NEAR_ZERO);
  for (double at = 46; at <= 100; at += 2) {
    g_autofree char *line = g_strdup_printf ("{\"at\": %f, \"queues\": []}", at);
    QueuesVerdict verdict = add (judge, line).verdict;
    g_assert_true ((verdict == QUEUES_NEAR_ZERO) == (at >= 76));
    verdict = queues_judge_one (judge, "a", at).verdict;
    g_assert_true ((verdict == QUEUES_NEAR_ZERO) == (at >= 76));
  }
}

/* A small queue that grows keeps the whole from near-zero, though others make up for it. */
static void
test_growing_among_few (void)
{
  g_autoptr (QueuesJudge) judge = queues_judge_new (30, AT_MOST);
  QueuesJudgement whole = { 0 };
  for (guint i = 0; i <= 30; i++) {
    g_autofree char *line =
        g_strdup_printf ("{\"at\": %u, \"busy\": 0, \"processed\": %u, \"queues\": "
                         "[{\"name\": \"a\", \"size\": %u}, "
                         "{\"name\": \"b\", \"size\": %u}]}",
                         i, i, i / 7, 4 - i / 7);
    whole = add (judge, line);
  }
  g_assert_cmpint (queues_judge_one (judge, "a", 30).verdict, ==, QUEUES_GROWING);
  g_assert_cmpint (whole.verdict, ==, QUEUES_GROWING);
  g_assert_true (whole.in_part);
}

/* Where the samples' clock is not machine time a gap is longer on it. */
static void
test_gap_floor (void)
{
  static const struct {
    double floor_s;
    QueuesVerdict verdict;
  } rows[] = { { QUEUES_GAP_FLOOR_S, QUEUES_STALE }, { 10, QUEUES_UNKNOWN } };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (QueuesJudge) judge = queues_judge_new (60, AT_MOST);
    queues_judge_set_gap_floor (judge, rows[i].floor_s);
    for (double at = 0; at <= 4; at += 2)
      add_one (judge, at, 0, IDLE);
    g_assert_cmpint (add_one (judge, 13, 0, IDLE).verdict, ==, rows[i].verdict);
  }
}

static void
test_range (void)
{
  g_autoptr (QueuesJudge) judge = queues_judge_new (30, AT_MOST);
  double least = -1, most = -1;
  g_assert_false (queues_judge_range (judge, &least, &most));
  g_assert_false (queues_judge_is_full (judge));
  for (guint i = 0; i <= 30; i++) {
    g_assert_false (queues_judge_is_full (judge));
    add_one (judge, i, i == 3 ? 9 : i < 5 ? 2 : 7, IDLE);
  }
  g_assert_true (queues_judge_is_full (judge));
  g_assert_true (queues_judge_range (judge, &least, &most));
  g_assert_cmpfloat (least, ==, 2);
  g_assert_cmpfloat (most, ==, 9);
  for (guint i = 31; i <= 40; i++)
    add_one (judge, i, 8, IDLE);
  g_assert_true (queues_judge_range (judge, &least, &most));
  g_assert_cmpfloat (least, ==, 7);
  g_assert_cmpfloat (most, ==, 8);
}

static void
test_workers (void)
{
  /* 10 busy work off 5 a second; the queue grows by 1 a second; 600 are there. */
  g_autoptr (QueuesJudge) judge = queues_judge_new (30, 0);
  double workers = -1;
  g_assert_false (queues_judge_workers (judge, 60, &workers));
  for (guint i = 0; i <= 30; i++) {
    g_autofree char *rest = g_strdup_printf (", \"busy\": 10, \"processed\": %u", 5 * i);
    add_one (judge, i, 570 + i, rest);
  }
  g_assert_true (queues_judge_workers (judge, 600, &workers));
  g_assert_cmpfloat (workers, ==, 14); /* (5 + 1 + 600 / 600) × 10 / 5 */
  g_assert_true (queues_judge_workers (judge, 60, &workers));
  g_assert_cmpfloat (workers, ==, 32);
  g_assert_false (queues_judge_workers (judge, 0, &workers));
  for (guint i = 31; i <= 70; i++)
    add_one (judge, i, 600, IDLE);
  g_assert_false (queues_judge_workers (judge, 600, &workers));
}

/* ---- lines ----------------------------------------------------------------- */

static const struct {
  const char *line;
  const char *problem; /* NULL: it is good */
} line_rows[] = {
  { "{\"at\": 1, \"queues\": []}", NULL },
  { "{\"at\": -1.5, \"queues\": [], \"busy\": null, \"paused\": [1]}", NULL },
  { "{\"at\": 1, \"queues\": [{\"name\": \"\", \"size\": 0, \"latency\": null}]}", NULL },
  { "{\"at\": 1, \"queues\": [{\"name\": \"a\\n\\u001b\", \"size\": 1.0}]}", NULL },
  { "", "it is no JSON" },
  { "{\"at\": 1, \"queues\": []} x", "it is no JSON" },
  { "{\"at\": 1, \"at\": 2, \"queues\": []}", "it is no JSON" },
  { "{\"at\": 1e999, \"queues\": []}", "it is no JSON" },
  { "{\"at\": NaN, \"queues\": []}", "it is no JSON" },
  { "{\"at\": 1, \"queues\": [{\"name\": \"\xff\", \"size\": 0}]}", "it is no JSON" },
  { "[1]", "it is no object" },
  { "{\"queues\": []}", "\"at\" is missing" },
  { "{\"at\": \"1\", \"queues\": []}", "\"at\" is no number" },
  { "{\"at\": 1e300, \"queues\": []}", "\"at\" is 1e+300; give a number from" },
  { "{\"at\": 1}", "\"queues\" is missing" },
  { "{\"at\": 1, \"queues\": {}}", "\"queues\" is no list" },
  { "{\"at\": 1, \"queues\": [], \"busy\": -1}", "\"busy\" is -1" },
  { "{\"at\": 1, \"queues\": [], \"retry\": true}", "\"retry\" is no number" },
  { "{\"at\": 1, \"queues\": [], \"scheduled\": 1.5}", "give a whole number" },
  { "{\"at\": 1, \"queues\": [], \"processed\": 1e17}", "\"processed\" is 1e+17" },
  { "{\"at\": 1, \"queues\": [7]}", "queue 1: it is no object" },
  { "{\"at\": 1, \"queues\": [{\"size\": 1}]}", "queue 1: \"name\" is missing" },
  { "{\"at\": 1, \"queues\": [{\"name\": 1, \"size\": 1}]}", "\"name\" is no text" },
  { "{\"at\": 1, \"queues\": [{\"name\": \"a\\u001b\"}]}",
    "queue 1 (a\\x1B): \"size\" is missing" },
  { "{\"at\": 1, \"queues\": [{\"name\": \"a\", \"size\": -1}]}", "\"size\" is -1" },
  { "{\"at\": 1, \"queues\": [{\"name\": \"a\", \"size\": 1, \"latency\": \"x\"}]}",
    "\"latency\" is no number" },
  { "{\"at\": 1, \"queues\": [{\"name\": \"a\", \"size\": 1}, {\"name\": \"a\", "
    "\"size\": 1}]}",
    "queue 2 (a): it has the name of another" },
};

static void
test_lines (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (line_rows); i++) {
    const char *line = line_rows[i].line, *problem = line_rows[i].problem;
    g_autoptr (GError) error = NULL;
    g_autoptr (QueuesSample) sample = queues_sample_read (line, strlen (line), &error);
    g_assert_true ((sample != NULL) == (problem == NULL));
    g_assert_true ((error != NULL) == (problem != NULL));
    if (problem && !strstr (error->message, problem))
      g_error ("%s: wanted \"%s\", got \"%s\"", line, problem, error->message);
  }
}

static void
test_bounds (void)
{
  g_autoptr (GString) line = g_string_new ("{\"at\": 1, \"queues\": [");
  for (guint i = 0; i < QUEUES_MAX; i++)
    g_string_append_printf (line, "{\"name\": \"q%u\", \"size\": 1}, ", i);
  g_autofree char *most = g_strdup_printf ("%.*s]}", (int)line->len - 2, line->str);
  g_autoptr (QueuesSample) sample = sample_of (most);
  g_assert_cmpuint (sample->queues->len, ==, QUEUES_MAX);
  g_string_append (line, "{\"name\": \"more\", \"size\": 1}]}");
  g_autoptr (GError) error = NULL;
  g_assert_null (queues_sample_read (line->str, line->len, &error));
  g_assert_nonnull (strstr (error->message, "at most 10000"));
  g_clear_error (&error);
  g_autofree char *blank = g_strnfill (QUEUES_LINE_BYTES_MAX + 1, ' ');
  g_assert_null (queues_sample_read (blank, QUEUES_LINE_BYTES_MAX + 1, &error));
  g_assert_nonnull (strstr (error->message, "longer than"));
}

/* 100 queues, 60 samples: what one judgement of all of them costs. Told, not judged. */
static void
test_cost (void)
{
  g_autoptr (QueuesJudge) judge = queues_judge_new (WINDOW_S, AT_MOST);
  for (guint i = 0; i <= 60; i++) {
    g_autoptr (GString) line = g_string_new (NULL);
    g_string_printf (line, "{\"at\": %u, \"busy\": 5, \"queues\": [", 2 * i);
    for (guint j = 0; j < 100; j++)
      g_string_append_printf (line, "%s{\"name\": \"q%u\", \"size\": %u}", j ? "," : "",
                              j, (i * 7919 + j * 104729) % 97);
    g_string_append (line, "]}");
    add (judge, line->str);
  }
  g_test_timer_start ();
  for (guint j = 0; j < 100; j++) {
    g_autofree char *name = g_strdup_printf ("q%u", j);
    g_assert_cmpint (queues_judge_one (judge, name, 120).verdict, !=, QUEUES_STALE);
  }
  queues_judge_whole (judge, 120);
  g_test_message ("100 queues, 60 samples: %.3f ms", g_test_timer_elapsed () * 1000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_series ();
  g_test_add_func ("/queues/window-is-filled", test_window_is_filled);
  g_test_add_func ("/queues/peak-in-many", test_peak_in_many);
  g_test_add_func ("/queues/busy-in-many", test_busy_in_many);
  g_test_add_func ("/queues/stale", test_stale);
  g_test_add_func ("/queues/gap-first", test_gap_first);
  g_test_add_func ("/queues/order-of-time", test_order_of_time);
  g_test_add_func ("/queues/come-and-go", test_come_and_go);
  g_test_add_func ("/queues/growing-among-few", test_growing_among_few);
  g_test_add_func ("/queues/gap-floor", test_gap_floor);
  g_test_add_func ("/queues/range", test_range);
  g_test_add_func ("/queues/workers", test_workers);
  g_test_add_func ("/queues/lines", test_lines);
  g_test_add_func ("/queues/bounds", test_bounds);
  g_test_add_func ("/queues/cost", test_cost);
  return g_test_run ();
}
