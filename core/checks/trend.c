#include "core/checks/trend.h"

#include <math.h>

#define PAIRS_MAX (TREND_POINTS_MAX * (TREND_POINTS_MAX - 1) / 2)

/* Neighbours that are alike make the variance at most this many times larger: more would
 * take a long smooth curve for chance. */
#define WIDENING_MAX 4.0

/* Of squares: what is left beside a straight line by the precision of numbers alone. */
#define ROUNDING 1e-18

static void
swap (double *one, double *other)
{
  double kept = *one;
  *one = *other;
  *other = kept;
}

/* The value that would stand at `rank` if `values` were sorted; moves them about. */
static double
value_at_rank (double *values, gssize count, gssize rank)
{
  gssize low = 0, high = count - 1;
  while (low < high) {
    double pivot = values[low + (high - low) / 2];
    gssize left = low, right = high;
    while (left <= right) {
      while (values[left] < pivot)
        left++;
      while (values[right] > pivot)
        right--;
      if (left <= right)
        swap (&values[left++], &values[right--]);
    }
    if (rank <= right)
      high = right;
    else if (rank >= left)
      low = left;
    else
      break;
  }
  return values[rank];
}

static double
median (double *values, gssize count)
{
  double upper = value_at_rank (values, count, count / 2);
  return count % 2 ? upper : (upper + value_at_rank (values, count, count / 2 - 1)) / 2;
}

/* At most TREND_POINTS_MAX points: each the mean of as many neighbours as the others. */
static guint
thin (const TrendPoint *points, gsize count, TrendPoint *thinned)
{
  gsize kept = MIN (count, TREND_POINTS_MAX);
  for (gsize i = 0; i < kept; i++) {
    gsize from = i * count / kept, to = (i + 1) * count / kept;
    TrendPoint mean = { 0 };
    for (gsize j = from; j < to; j++) {
      mean.at_s += (points[j].at_s - points[0].at_s) / (double)(to - from);
      mean.value += points[j].value / (double)(to - from);
    }
    thinned[i] = mean;
  }
  return (guint)kept;
}

/* The slopes of all pairs, and Kendall's S. */
static guint
compare_pairs (const TrendPoint *points, guint count, double *slopes, double *s)
{
  guint pairs = 0;
  int concordant = 0;
  for (guint i = 0; i < count; i++)
    for (guint j = i + 1; j < count; j++) {
      double time = points[j].at_s - points[i].at_s;
      double rise = points[j].value - points[i].value;
      if (time <= 0)
        continue;
      slopes[pairs++] = rise / time;
      concordant += (rise > 0) - (rise < 0);
    }
  *s = concordant;
  return pairs;
}

/* Of S by chance alone; values that occur t times take t (t - 1) (2t + 5) away. */
static double
variance_of (const TrendPoint *points, guint count)
{
  double n = count, ties = 0;
  for (guint i = 0; i < count; i++) {
    double t = 0;
    for (guint j = 0; j < count; j++)
      t += !(points[j].value < points[i].value || points[j].value > points[i].value);
    ties += (t - 1) * (2 * t + 5); /* once for each of the t */
  }
  return (n * (n - 1) * (2 * n + 5) - ties) / 18;
}

/* How many times larger the variance is because what is left beside the line resembles
 * its neighbours. `all` is what there was without the line, to know rounding by. */
static double
widening (const double *residuals, guint count, double all)
{
  double mean = 0, squares = 0, products = 0;
  for (guint i = 0; i < count; i++)
    mean += residuals[i] / count;
  for (guint i = 0; i < count; i++) {
    squares += (residuals[i] - mean) * (residuals[i] - mean);
    if (i > 0)
      products += (residuals[i] - mean) * (residuals[i - 1] - mean);
  }
  if (squares <= ROUNDING * all)
    return 1;
  double alike = products / squares;
  return alike >= 1 ? WIDENING_MAX : CLAMP ((1 + alike) / (1 - alike), 1.0, WIDENING_MAX);
}

/* Fills the level; returns the widening. */
static double
fit_line (const TrendPoint *points, guint count, Trend *trend)
{
  double residuals[TREND_POINTS_MAX], sorted[TREND_POINTS_MAX];
  double all = 0, end = points[count - 1].at_s;
  for (guint i = 0; i < count; i++)
    sorted[i] = residuals[i] = points[i].value - trend->slope * (points[i].at_s - end);
  trend->level = median (sorted, count);
  for (guint i = 0; i < count; i++)
    all += (points[i].value - trend->level) * (points[i].value - trend->level);
  return widening (residuals, count, all);
}

static void
fit_range (double *slopes, guint pairs, double deviation, Trend *trend)
{
  double half = TREND_CRITICAL * deviation;
  gssize low = (gssize)round ((pairs - half) / 2) - 1;
  gssize high = (gssize)round ((pairs + half) / 2);
  trend->slope_low = low < 0 ? -INFINITY : value_at_rank (slopes, pairs, low);
  trend->slope_high =
      high >= (gssize)pairs ? INFINITY : value_at_rank (slopes, pairs, high);
}

gboolean
trend_fit (const TrendPoint *points, gsize count, Trend *trend)
{
  TrendPoint thinned[TREND_POINTS_MAX];
  double slopes[PAIRS_MAX];
  Trend found = { .points = thin (points, count, thinned) };
  guint pairs = compare_pairs (thinned, found.points, slopes, &found.s);
  if (pairs == 0)
    return FALSE;
  found.slope = median (slopes, pairs);
  found.variance = variance_of (thinned, found.points);
  double wide = fit_line (thinned, found.points, &found);
  if (found.variance > 0) {
    double deviation = sqrt (found.variance * wide);
    double sign = (found.s > 0) - (found.s < 0);
    found.z = (found.s - sign) / deviation;
    fit_range (slopes, pairs, deviation, &found);
  }
  *trend = found;
  return TRUE;
}

int
trend_direction (const Trend *trend)
{
  if (trend->z >= TREND_CRITICAL && trend->slope_low > 0)
    return 1;
  return trend->z <= -TREND_CRITICAL && trend->slope_high < 0 ? -1 : 0;
}
