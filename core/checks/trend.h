/* trend.h: whether a series of numbers rises or falls, and how fast. Pure.
 *
 * The slope is Theil and Sen's: the median of the slopes between all pairs of points, so
 * that single wild values do not move it. Whether it is more than chance is Mann and
 * Kendall's test, its variance corrected for ties (M. G. Kendall, Rank Correlation
 * Methods, 4.6) and widened where neighbours are alike (the effective sample size of Yue
 * and Wang 2004, bounded): samples of a queue that fills and empties are no independent
 * draws. The range of the slope is Sen's (1968), by the same variance. */
#ifndef HANDRAIL_CHECKS_TREND_H
#define HANDRAIL_CHECKS_TREND_H

#include <glib.h>

/* All pairs are looked at: 1,770 of them. Longer series are first made this long by means
 * of neighbours, evenly. */
#define TREND_POINTS_MAX 60

/* Two-sided, 95 of 100. With fewer than 5 points no order of them is so unlikely. */
#define TREND_CRITICAL 1.96
#define TREND_POINTS_MIN 5

typedef struct {
  double at_s;
  double value;
} TrendPoint;

typedef struct {
  guint points;                  /* after thinning */
  double slope;                  /* a second; low ≤ slope ≤ high */
  double slope_low, slope_high;  /* infinite with fewer than TREND_POINTS_MIN points */
  double level;                  /* of the fitted line at the last point */
  double s, variance, z;         /* Mann–Kendall; z after widening */
} Trend;

/* `points` are finite and in order of time; those of one instant say nothing of each
 * other. FALSE, with *trend untouched, when there are no two instants. */
gboolean trend_fit (const TrendPoint *points, gsize count, Trend *trend);

/* -1: falls, 1: rises, 0: neither can be told from chance. */
int trend_direction (const Trend *trend);

#endif
