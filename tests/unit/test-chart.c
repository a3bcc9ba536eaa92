/* Charts: bars of eighths, gaps, and the numbers beside them. */
#include <math.h>

#include "tui/widgets/chart.h"

#define VALUES_MAX 16

static const struct {
  const char *name;
  int columns;
  gsize count;
  double top;
  double values[VALUES_MAX];
  const char *drawn, *ascii;
} sparklines[] = {
  { "every step", 9, 9, 0, { 0, 1, 2, 3, 4, 5, 6, 7, 8 }, " ▁▂▃▄▅▆▇█", " __.--=##" },
  { "more than columns: the highest of each",
    4,
    8,
    0,
    { 1, 8, 1, 1, 4, 1, 0, 0 },
    "█▁▄",
    "#_-" },
  { "fewer: at the right", 5, 2, 0, { 4, 8 }, "   ▄█", "   -#" },
  { "gaps", 5, 5, 0, { 8, NAN, 4, NAN, 0 }, "█·▄·", "#---" },
  { "a little is not nothing", 3, 3, 0, { 1000, 0.1, 0 }, "█▁", "#_" },
  { "nothing at all", 3, 3, 0, { 0, 0, 0 }, "", "" },
  { "only gaps", 3, 3, 0, { NAN, NAN, NAN }, "···", "---" },
  { "no values", 3, 0, 0, { 0 }, "", "" },
  { "below nothing", 3, 3, 0, { -5, 8, -1 }, " █", " #" },
  { "a given top", 3, 3, 16, { 8, 16, 99 }, "▄██", "-##" },
  { "infinite", 2, 2, 8, { INFINITY, 4 }, "█▄", "#-" },
  { "no columns", 0, 2, 0, { 1, 2 }, "", "" },
};

static void
test_sparkline (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sparklines); i++)
    for (int ascii = 0; ascii < 2; ascii++) {
      g_autoptr (Canvas) canvas = canvas_new (12, 1, ascii);
      chart_sparkline (canvas, canvas_area (canvas), 0, 0, sparklines[i].columns,
                       ROLE_CHART, sparklines[i].values, sparklines[i].count,
                       sparklines[i].top);
      g_autofree char *seen = canvas_dump (canvas);
      g_autofree char *wanted =
          g_strconcat (ascii ? sparklines[i].ascii : sparklines[i].drawn, "\n", NULL);
      g_test_message ("%s", sparklines[i].name);
      g_assert_cmpstr (seen, ==, wanted);
    }
}

static char *
draw_area (int width, int height, gboolean ascii, const double *values, gsize count,
           const ChartLabels *labels)
{
  g_autoptr (Canvas) canvas = canvas_new (width, height, ascii);
  chart_area (canvas, canvas_area (canvas), values, count, labels);
  return canvas_dump (canvas);
}

static void
test_area (void)
{
  static const double values[] = { 0, 100, 200, NAN, 300, 350, 400, 200 };
  const ChartLabels labels = { 0, "then", "now" };
  g_autofree char *seen = draw_area (15, 6, FALSE, values, 8, &labels);
  g_assert_cmpstr (seen, ==,
                   "  400 │     ▃█\n"
                   "      │    ▆██\n"
                   "  200 │  ▄ ███▄\n"
                   "      │ ▂█ ████\n"
                   "    0 │ ██·████\n"
                   "       then now\n");
  g_autofree char *ascii = draw_area (15, 6, TRUE, values, 8, &labels);
  g_assert_cmpstr (ascii, ==,
                   "  400 |     .#\n"
                   "      |    =##\n"
                   "  200 |  - ###-\n"
                   "      | _# ####\n"
                   "    0 | ##-####\n"
                   "       then now\n");
}

static void
test_area_peak (void)
{
  static const double values[] = { 1, 2, 4, 2, 4, 1, 0, 0 };
  const ChartLabels labels = { 0 };
  g_autoptr (Canvas) canvas = canvas_new (16, 4, FALSE);
  chart_area (canvas, canvas_area (canvas), values, 8, &labels);
  g_assert_cmpint (canvas_cell (canvas, 10, 0)->role, ==, ROLE_CHART_PEAK);
  g_assert_cmpint (canvas_cell (canvas, 9, 2)->role, ==, ROLE_CHART);
}

/* What is the same all the time is no peak. */
static void
test_area_flat (void)
{
  static const double values[] = { 4, 4, 4, 2, 4, 4, 0, 0 };
  const ChartLabels labels = { 0 };
  g_autoptr (Canvas) canvas = canvas_new (16, 4, FALSE);
  chart_area (canvas, canvas_area (canvas), values, 8, &labels);
  for (int x = 8; x < 14; x++)
    g_assert_cmpint (canvas_cell (canvas, x, 2)->role, ==, ROLE_CHART);
}

/* The line of the axis stays where it is, whatever the numbers. */
static void
test_axis_stays (void)
{
  static const double tops[] = { 1, 8, 412, 9999, 12500, 999900, 1250000, 99e6 };
  const ChartLabels labels = { 0 };
  for (gsize i = 0; i < G_N_ELEMENTS (tops); i++) {
    const double values[] = { tops[i] };
    g_autoptr (Canvas) canvas = canvas_new (20, 6, FALSE);
    chart_area (canvas, canvas_area (canvas), values, 1, &labels);
    for (int y = 0; y < 5; y++)
      g_assert_cmpstr (canvas_cell (canvas, 6, y)->text, ==, "│");
  }
}

static void
test_no_room (void)
{
  static const double values[] = { 1, 2, 3 };
  const ChartLabels labels = { 0, "then", "now" };
  g_autofree char *low = draw_area (40, 2, FALSE, values, 3, &labels);
  g_autofree char *narrow = draw_area (11, 3, FALSE, values, 3, &labels);
  g_assert_cmpstr (low, ==, "\n\n");
  g_assert_cmpstr (narrow, ==, "\n\n\n");
  static const double none[] = { NAN, NAN };
  g_autofree char *gaps = draw_area (15, 3, FALSE, none, 2, &labels);
  g_assert_cmpstr (gaps, ==, "    1 │\n    0 │      ··\n       then now\n");
}

static void
test_round_up (void)
{
  static const double pairs[][2] = { { 0, 1 },     { 0.3, 1 },   { 1, 1 },
                                     { 1.2, 1.5 }, { 7, 8 },     { 10, 10 },
                                     { 11, 15 },   { 412, 500 }, { 999, 1000 },
                                     { 1e6, 1e6 }, { -4, 1 } };
  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    g_assert_cmpfloat (chart_round_up (pairs[i][0]), ==, pairs[i][1]);
  g_assert_cmpfloat (chart_round_up (NAN), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/sparkline", test_sparkline);
  g_test_add_func ("/chart/area", test_area);
  g_test_add_func ("/chart/area-peak", test_area_peak);
  g_test_add_func ("/chart/area-flat", test_area_flat);
  g_test_add_func ("/chart/axis-stays", test_axis_stays);
  g_test_add_func ("/chart/no-room", test_no_room);
  g_test_add_func ("/chart/round-up", test_round_up);
  return g_test_run ();
}
