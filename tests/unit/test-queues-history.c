/* How many jobs were queued over time: pieces, gaps, and what is kept of them. */
#include <math.h>

#include "tui/queues/queues_history.h"

#define SECOND ((gint64)G_USEC_PER_SEC)
#define WINDOW (60 * SECOND) /* so a piece is a second */
#define BEGIN 1000
#define WALL 600 /* where a window begins on the clock */

static void
begin (QueuesHistory *history, gint64 at_s, gboolean after_gap)
{
  queues_history_begin (history, (BEGIN + at_s) * SECOND, (WALL + at_s) * SECOND,
                        after_gap);
}

static void
add (QueuesHistory *history, gint64 at_s, double size)
{
  begin (history, at_s, FALSE);
  queues_history_add (history, "one", size);
  queues_history_add (history, NULL, size);
  queues_history_end (history);
}

/* "1 5 - 3": a dash for a gap. */
static char *
words_of (const double *values, gsize count)
{
  GString *out = g_string_new (NULL);
  for (gsize i = 0; i < count; i++) {
    g_string_append (out, i > 0 ? " " : "");
    if (isnan (values[i]))
      g_string_append_c (out, '-');
    else
      g_string_append_printf (out, "%g", values[i]);
  }
  return g_string_free (out, FALSE);
}

static void
assert_line (const QueuesHistory *history, const char *name, gsize columns,
             const char *wanted)
{
  double values[QUEUES_HISTORY_PIECES];
  gsize count = queues_history_line (history, name, columns, values);
  g_autofree char *seen = words_of (values, count);
  g_assert_cmpstr (seen, ==, wanted);
}

static void
test_line (void)
{
  g_autoptr (QueuesHistory) history = queues_history_new (WINDOW);
  assert_line (history, "one", 10, "");
  for (int at_s = 0; at_s < 18; at_s++) /* a column is six seconds */
    add (history, at_s, at_s);
  assert_line (history, "one", 10, "5 11 17");
  assert_line (history, NULL, 10, "5 11 17");
  assert_line (history, "other", 10, "0 0 0");
  add (history, 17, 3); /* the highest of a piece stays */
  assert_line (history, "one", 10, "5 11 17");
  add (history, 18, 3); /* and a new column begins */
  assert_line (history, "one", 10, "5 11 17 3");
  for (int at_s = 19; at_s < 90; at_s++)
    add (history, at_s, at_s);
  assert_line (history, "one", 10, "35 41 47 53 59 65 71 77 83 89");
  add (history, 90, 1);
  assert_line (history, "one", 10, "41 47 53 59 65 71 77 83 89 1");
}

/* Who comes later, and is told of the last window, sees the same bars. */
static void
test_late (void)
{
  static const int columns[] = { 60, 30, 20, 15, 10 };
  g_autoptr (QueuesHistory) first = queues_history_new (WINDOW);
  g_autoptr (QueuesHistory) late = queues_history_new (WINDOW);
  for (int at_s = 0; at_s < 200; at_s++) {
    add (first, at_s, at_s * 7 % 31);
    if (at_s >= 200 - 64)
      add (late, at_s, at_s * 7 % 31);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++) {
    double values[QUEUES_HISTORY_PIECES];
    gsize length = (gsize)columns[i];
    gsize count = queues_history_line (first, "one", length, values);
    g_autofree char *seen = words_of (values, count);
    assert_line (late, "one", length, seen);
  }
}

/* What was seen before is held until it is seen again. */
static void
test_between (void)
{
  g_autoptr (QueuesHistory) history = queues_history_new (WINDOW);
  add (history, 0, 4);
  add (history, 5, 6);
  add (history, 8, 0);
  assert_line (history, "one", 60, "4 4 4 4 4 6 6 6 0");
  begin (history, 12, TRUE);
  queues_history_add (history, "one", 2);
  queues_history_end (history);
  assert_line (history, "one", 60, "4 4 4 4 4 6 6 6 0 - - - 2");
  assert_line (history, "one", 30, "4 4 6 6 0 - 2");
}

/* The window's chart moves on by a quarter, and fills up. */
static void
test_recent (void)
{
  g_autoptr (QueuesHistory) history = queues_history_new (WINDOW);
  for (int at_s = 0; at_s < 300; at_s++) {
    add (history, at_s, at_s + 1);
    QueuesChart chart = queues_history_chart (history, "one", FALSE);
    gint64 begin_s = chart.begin_us / SECOND - BEGIN;
    g_assert_cmpint (begin_s, ==, MAX (at_s - 59, 0) / 15 * 15);
    g_assert_cmpint (chart.end_us - chart.begin_us, ==, 75 * SECOND);
    g_assert_cmpuint (chart.span, ==, 75);
    g_assert_cmpuint (chart.count, ==, (gsize)(at_s - begin_s + 1));
    for (gsize i = 0; i < chart.count; i++)
      g_assert_true (fabs (chart.values[i] - (double)begin_s - (double)i - 1) < 0.5);
    g_free (chart.values);
  }
}

/* All the time: as fine as it can be, and no high moment is lost. */
static void
test_whole (void)
{
  g_autoptr (QueuesHistory) history = queues_history_new (WINDOW);
  for (int at_s = 0; at_s < 20000; at_s++) {
    add (history, at_s, at_s == 77 ? 1e6 : at_s % 10);
    QueuesChart chart = queues_history_chart (history, "one", TRUE);
    double most = 0;
    for (gsize i = 0; i < chart.count; i++)
      most = fmax (most, chart.values[i]);
    g_assert_true ((most > 1e5) == (at_s >= 77));
    g_assert_cmpuint (chart.count, <=, chart.span);
    g_assert_cmpuint (chart.span, <=, 240);
    g_assert_cmpuint (chart.count, >=, (gsize)MIN (at_s + 1, 120));
    g_assert_cmpint (chart.begin_us, ==, BEGIN * SECOND);
    g_assert_cmpint (chart.end_us, >=, (BEGIN + at_s) * SECOND);
    g_free (chart.values);
  }
}

static void
test_whole_gap (void)
{
  g_autoptr (QueuesHistory) history = queues_history_new (WINDOW);
  add (history, 0, 4);
  begin (history, 8 * 3600, TRUE);
  queues_history_add (history, "one", 2);
  queues_history_end (history);
  assert_line (history, "one", 10, "2");
  QueuesChart chart = queues_history_chart (history, "one", TRUE);
  g_autofree char *seen = words_of (chart.values, chart.count);
  g_autoptr (GString) wanted = g_string_new ("4");
  for (gsize i = 2; i < chart.count; i++)
    g_string_append (wanted, " -");
  g_string_append (wanted, " 2");
  g_assert_cmpstr (seen, ==, wanted->str);
  g_assert_cmpuint (chart.count, >, 120);
  g_free (chart.values);
}

/* Names that come and go are forgotten with the window, those that are listed are not. */
static void
test_forgotten (void)
{
  g_autoptr (QueuesHistory) history = queues_history_new (WINDOW);
  for (int at_s = 0; at_s < 100; at_s++) {
    begin (history, at_s, FALSE);
    queues_history_add (history, "listed", at_s == 0 ? 7 : 0);
    if (at_s == 0)
      queues_history_add (history, "gone", 7);
    queues_history_end (history);
    QueuesChart gone = queues_history_chart (history, "gone", TRUE);
    QueuesChart listed = queues_history_chart (history, "listed", TRUE);
    g_assert_true ((gone.values[0] > 6) == (at_s < 75));
    g_assert_true (listed.values[0] > 6);
    g_free (gone.values);
    g_free (listed.values);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/queues-history/line", test_line);
  g_test_add_func ("/queues-history/late", test_late);
  g_test_add_func ("/queues-history/between", test_between);
  g_test_add_func ("/queues-history/recent", test_recent);
  g_test_add_func ("/queues-history/whole", test_whole);
  g_test_add_func ("/queues-history/whole-gap", test_whole_gap);
  g_test_add_func ("/queues-history/forgotten", test_forgotten);
  return g_test_run ();
}
