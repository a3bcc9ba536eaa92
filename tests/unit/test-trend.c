#include "core/checks/trend.h"

#include <math.h>
#include <string.h>

#define ROW_MAX 32

/* One value a second unless `times` are given. */
static const struct {
  const char *name;
  const char *values;
  const char *times;
  double slope, low, high;
  double s, variance;
  int direction;
} rows[] = {
  { "two", "1 3", NULL, 2, -INFINITY, INFINITY, 1, 1, 0 },
  { "three", "1 3 5", NULL, 2, -INFINITY, INFINITY, 3, 66 / 18.0, 0 },
  { "four", "1 2 3 4", NULL, 1, -INFINITY, INFINITY, 6, 156 / 18.0, 0 },
  { "five", "1 2 3 4 5", NULL, 1, 1, 1, 10, 300 / 18.0, 1 },
  { "five-down", "5 4 3 2 1", NULL, -1, -1, -1, -10, 300 / 18.0, -1 },
  { "constant", "4 4 4 4 4 4", NULL, 0, 0, 0, 0, 0, 0 },
  /* ties: 2 twice and 3 three times take 18 and 66 of 6 · 5 · 17 away */
  { "ties", "1 2 2 3 3 3", NULL, 0.4, 0, 2.0 / 3, 11, (510 - 18 - 66) / 18.0, 0 },
  { "alternating", "1 5 1 5 1 5 1 5", NULL, 0, 0, 4.0 / 3, 4, (1176 - 2 * 156) / 18.0,
    0 },
  { "outlier", "1 2 3 4 500 6 7 8 9 10", NULL, 1, 1, 1, 35, 125, 1 },
  { "last-is-wild", "9 8 7 6 5 4 3 2 1 90", NULL, -1, -1, -1, -27, 125, -1 },
  { "uneven-times", "0 10 20 40 80 90 100", "0 1 2 4 8 9 10", 10, 10, 10, 21, 798 / 18.0,
    1 },
  { "one-instant", "1 2 3", "5 5 5", 0, 0, 0, 0, 0, 0 },
  { "twice-an-instant", "1 9 2 3 4 5 6", "0 0 1 2 3 4 5", 1, -5.0 / 3, 1, 10, 798 / 18.0,
    0 },
};

static guint
read_points (const char *values, const char *times, TrendPoint *points)
{
  g_auto (GStrv) value_words = g_strsplit (values, " ", ROW_MAX);
  g_auto (GStrv) time_words = g_strsplit (times ? times : "", " ", ROW_MAX);
  guint count = g_strv_length (value_words);
  for (guint i = 0; i < count; i++)
    points[i] = (TrendPoint){ times ? g_ascii_strtod (time_words[i], NULL) : i,
                              g_ascii_strtod (value_words[i], NULL) };
  return count;
}

static void
assert_near (double got, double wanted)
{
  if (isinf (wanted))
    g_assert_true (isinf (got) && (got > 0) == (wanted > 0));
  else
    g_assert_cmpfloat_with_epsilon (got, wanted, 1e-9);
}

static void
test_row (const void *data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  TrendPoint points[ROW_MAX];
  guint count = read_points (rows[i].values, rows[i].times, points);
  Trend trend = { .points = 77 };
  gboolean fits = trend_fit (points, count, &trend);
  g_assert_cmpint (fits, ==, strcmp (rows[i].name, "one-instant") != 0);
  if (!fits) {
    g_assert_cmpuint (trend.points, ==, 77);
    return;
  }
  g_test_message ("slope %g (%g to %g), S %g, variance %g, z %g", trend.slope,
                  trend.slope_low, trend.slope_high, trend.s, trend.variance, trend.z);
  g_assert_cmpuint (trend.points, ==, count);
  assert_near (trend.slope, rows[i].slope);
  assert_near (trend.slope_low, rows[i].low);
  assert_near (trend.slope_high, rows[i].high);
  assert_near (trend.s, rows[i].s);
  assert_near (trend.variance, rows[i].variance);
  g_assert_cmpint (trend_direction (&trend), ==, rows[i].direction);
}

/* Moved in time and value, mirrored or stretched, a series says the same. */
static void
test_symmetry (void)
{
  TrendPoint points[40], moved[40], mirrored[40];
  for (guint i = 0; i < 40; i++) {
    double value = 100 - 1.5 * i + (i * 7919 % 13);
    points[i] = (TrendPoint){ 2 * i, value };
    moved[i] = (TrendPoint){ 1795335122.0 + 2 * i, value + 1000 };
    mirrored[i] = (TrendPoint){ 4 * i, -value };
  }
  Trend trend, other;
  g_assert_true (trend_fit (points, 40, &trend));
  g_assert_cmpint (trend_direction (&trend), ==, -1);
  g_assert_cmpfloat_with_epsilon (trend.slope, -0.75, 0.05);
  g_assert_true (trend_fit (moved, 40, &other));
  g_assert_cmpfloat_with_epsilon (other.slope, trend.slope, 1e-6);
  g_assert_cmpfloat_with_epsilon (other.level, trend.level + 1000, 1e-6);
  g_assert_cmpfloat_with_epsilon (other.z, trend.z, 1e-6);
  g_assert_true (trend_fit (mirrored, 40, &other));
  g_assert_cmpfloat_with_epsilon (other.slope, -trend.slope / 2, 1e-9);
  g_assert_cmpfloat_with_epsilon (other.slope_low, -trend.slope_high / 2, 1e-9);
  g_assert_cmpfloat_with_epsilon (other.z, -trend.z, 1e-9);
}

/* Longer series are made shorter evenly: the line stays where it is. */
static void
test_thinning (void)
{
  g_autofree TrendPoint *points = g_new (TrendPoint, 1000);
  for (guint i = 0; i < 1000; i++)
    points[i] = (TrendPoint){ i, 3.0 * i + 1 };
  for (guint count = TREND_POINTS_MAX - 1; count <= 1000; count += 47) {
    Trend trend;
    g_assert_true (trend_fit (points, count, &trend));
    g_assert_cmpuint (trend.points, ==, MIN (count, TREND_POINTS_MAX));
    g_assert_cmpfloat_with_epsilon (trend.slope, 3, 1e-9);
    g_assert_cmpfloat_with_epsilon (trend.level, 3 * (count - 1) + 1, 3.0 * count / 60);
  }
}

/* Values that resemble their neighbours (a wave) widen the variance; a straight line's do
 * not. */
static void
test_widening (void)
{
  TrendPoint wave[40], line[40];
  for (guint i = 0; i < 40; i++) {
    wave[i] = (TrendPoint){ i, fabs ((double)(i % 20) - 10) + 0.05 * i };
    line[i] = (TrendPoint){ i, i };
  }
  Trend trend;
  g_assert_true (trend_fit (wave, 40, &trend));
  double plain = (trend.s - 1) / sqrt (trend.variance);
  g_assert_cmpfloat_with_epsilon (trend.z, plain / 2, 1e-6); /* no more than that */
  g_assert_true (trend_fit (line, 40, &trend));
  plain = (trend.s - 1) / sqrt (trend.variance);
  g_assert_cmpfloat_with_epsilon (trend.z, plain, 1e-9);
}

static int
compare_numbers (const void *one, const void *other)
{
  double a = *(const double *)one, b = *(const double *)other;
  return (a > b) - (a < b);
}

/* A drain that slows down is no straight line, and falls all the same. */
static void
test_curve (void)
{
  TrendPoint points[60];
  for (guint i = 0; i < 60; i++)
    points[i] = (TrendPoint){ 2 * i, round (300 * pow (0.95, i)) };
  for (guint count = 12; count <= 60; count++) {
    Trend trend;
    g_assert_true (trend_fit (points, count, &trend));
    g_assert_cmpint (trend_direction (&trend), ==, -1);
    g_assert_cmpfloat (trend.slope_low, <=, trend.slope);
    g_assert_cmpfloat (trend.slope, <=, trend.slope_high);
  }
}

/* The median is the one in the middle when all are sorted, or half-way between two. */
static void
test_median (void)
{
  TrendPoint points[60];
  for (guint i = 0; i < 60; i++)
    points[i] = (TrendPoint){ i, i * 7919 % 101 };
  for (guint count = 2; count <= 60; count++) {
    g_autoptr (GArray) slopes = g_array_new (FALSE, FALSE, sizeof (double));
    Trend trend;
    for (guint i = 0; i < count; i++)
      for (guint j = i + 1; j < count; j++) {
        double slope = (points[j].value - points[i].value) / (j - i);
        g_array_append_val (slopes, slope);
      }
    g_array_sort (slopes, compare_numbers);
    double upper = g_array_index (slopes, double, slopes->len / 2);
    double lower = g_array_index (slopes, double, (slopes->len - 1) / 2);
    g_assert_true (trend_fit (points, count, &trend));
    g_assert_cmpfloat_with_epsilon (trend.slope, (lower + upper) / 2, 1e-12);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *name = g_strconcat ("/trend/row/", rows[i].name, NULL);
    g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_row);
  }
  g_test_add_func ("/trend/symmetry", test_symmetry);
  g_test_add_func ("/trend/thinning", test_thinning);
  g_test_add_func ("/trend/widening", test_widening);
  g_test_add_func ("/trend/curve", test_curve);
  g_test_add_func ("/trend/median", test_median);
  return g_test_run ();
}
