#include "core/checks/queues_judge.h"

#include <math.h>
#include <string.h>

/* Two times are the same within a millisecond: samplers are no better. */
#define SAME_S 0.001

/* As many intervals tell what an interval is. */
#define INTERVALS_KEPT 32

/* Samples that are kept of a window, at least: more than a trend looks at, since it makes
 * means of neighbours. Closer ones take the last one's place. */
#define KEPT_MIN (2 * TREND_POINTS_MAX)

/* An oldest job that ages as time goes by, to within this, is the same one all along. */
#define AGING_APART_S 0.5

/* Of one queue, or of all: a point for each kept sample that it was in. */
typedef struct {
  double at_s;
  double size;
  double latency_s;
} Point;

typedef struct {
  GArray *points;
  double quiet_from_s; /* since when size ≤ at_most in every sample; INFINITY: is not */
  guint seen;          /* the number of the last sample it was in */
} Series;

typedef struct {
  double at_s;
  double busy; /* the most since the kept sample before; NAN: not known */
  double processed;
} Kept;

struct QueuesJudge {
  double window_s, at_most, gap_floor_s;
  GArray *kept;       /* of Kept: some samples of the window, and the last one */
  GHashTable *queues; /* name → Series */
  Series *whole;
  double idle_from_s; /* since when busy is 0 or not known in every sample */
  double intervals_s[INTERVALS_KEPT]; /* since the last gap, a ring */
  guint intervals;
  guint samples;      /* the number of the last one, from 1 */
  gboolean after_gap; /* the last sample is the first one after a gap */
};

static const char *const verdict_names[] = {
  [QUEUES_UNKNOWN] = "unknown",     [QUEUES_NEAR_ZERO] = "near-zero",
  [QUEUES_SHRINKING] = "shrinking", [QUEUES_STEADY] = "steady",
  [QUEUES_GROWING] = "growing",     [QUEUES_STUCK] = "stuck",
  [QUEUES_STALE] = "stale",
};

const char *
queues_verdict_name (QueuesVerdict verdict)
{
  return verdict_names[verdict];
}

static Series *
series_new (double quiet_from_s)
{
  Series *series = g_new0 (Series, 1);
  series->points = g_array_new (FALSE, FALSE, sizeof (Point));
  series->quiet_from_s = quiet_from_s;
  return series;
}

static void
series_free (void *data)
{
  Series *series = data;
  g_array_unref (series->points);
  g_free (series);
}

QueuesJudge *
queues_judge_new (double window_s, double at_most)
{
  QueuesJudge *judge = g_new0 (QueuesJudge, 1);
  judge->window_s = window_s;
  judge->at_most = at_most;
  judge->gap_floor_s = QUEUES_GAP_FLOOR_S;
  judge->kept = g_array_new (FALSE, FALSE, sizeof (Kept));
  judge->queues = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, series_free);
  judge->whole = series_new (INFINITY);
  judge->idle_from_s = INFINITY;
  return judge;
}

void
queues_judge_set_gap_floor (QueuesJudge *judge, double gap_floor_s)
{
  judge->gap_floor_s = gap_floor_s;
}

void
queues_judge_free (QueuesJudge *judge)
{
  if (!judge)
    return;
  g_array_unref (judge->kept);
  g_hash_table_unref (judge->queues);
  series_free (judge->whole);
  g_free (judge);
}

/* ---- taking samples -------------------------------------------------------- */

static Kept *
kept_at (const QueuesJudge *judge, guint index)
{
  return &g_array_index (judge->kept, Kept, index);
}

static Kept *
last_kept (const QueuesJudge *judge)
{
  return kept_at (judge, judge->kept->len - 1);
}

static Point *
point_at (const Series *series, guint index)
{
  return &g_array_index (series->points, Point, index);
}

static int
compare_numbers (const void *one, const void *other)
{
  double a = *(const double *)one, b = *(const double *)other;
  return (a > b) - (a < b);
}

/* After how long without a sample the last one is stale: at the latest after a window, of
 * which nothing has been seen then. The lower median, so that the gap itself does not
 * count. */
static double
gap_s (const QueuesJudge *judge)
{
  double sorted[INTERVALS_KEPT];
  guint count = MIN (judge->intervals, INTERVALS_KEPT);
  if (count == 0)
    return judge->window_s;
  memcpy (sorted, judge->intervals_s, count * sizeof *sorted);
  qsort (sorted, count, sizeof *sorted, compare_numbers);
  double gap = MAX (QUEUES_GAP_INTERVALS * sorted[(count - 1) / 2], judge->gap_floor_s);
  return MIN (gap, judge->window_s);
}

static void
note_interval (QueuesJudge *judge, double interval_s)
{
  judge->intervals_s[judge->intervals++ % INTERVALS_KEPT] = interval_s;
}

/* What was before is no part of what comes. */
static void
forget (QueuesJudge *judge)
{
  g_array_set_size (judge->kept, 0);
  g_array_set_size (judge->whole->points, 0);
  g_hash_table_remove_all (judge->queues);
  judge->whole->quiet_from_s = judge->idle_from_s = INFINITY;
  judge->intervals = 0;
}

/* With a first interval that turns out to be a gap by the second, the first sample is
 * what is forgotten. */
static void
forget_first (QueuesJudge *judge)
{
  double from_s = kept_at (judge, 1)->at_s;
  g_array_remove_index (judge->kept, 0);
  g_array_remove_index (judge->whole->points, 0);
  judge->whole->quiet_from_s = MAX (judge->whole->quiet_from_s, from_s);
  judge->idle_from_s = MAX (judge->idle_from_s, from_s);
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init (&iter, judge->queues);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    Series *series = value;
    series->quiet_from_s = MAX (series->quiet_from_s, from_s);
    if (series->points->len > 0 && point_at (series, 0)->at_s < from_s)
      g_array_remove_index (series->points, 0);
  }
  judge->intervals_s[0] = judge->intervals_s[1];
  judge->intervals = 1;
}

static void
heed_gaps (QueuesJudge *judge, double interval_s)
{
  judge->after_gap = interval_s > gap_s (judge) + SAME_S;
  if (judge->after_gap)
    forget (judge);
  else
    note_interval (judge, interval_s);
}

static void
drop_replaced (Series *series, double replaced_s)
{
  guint length = series->points->len;
  if (length > 0 && point_at (series, length - 1)->at_s >= replaced_s)
    g_array_set_size (series->points, length - 1);
}

/* It was not in the sample of `at_s`: it was empty. */
static void
series_miss (Series *series, double at_s, double replaced_s)
{
  drop_replaced (series, replaced_s);
  if (isinf (series->quiet_from_s))
    series->quiet_from_s = at_s;
}

static void
series_add (Series *series, Point point, double replaced_s, const QueuesJudge *judge)
{
  drop_replaced (series, replaced_s);
  g_array_append_val (series->points, point);
  series->seen = judge->samples;
  if (point.size > judge->at_most)
    series->quiet_from_s = INFINITY;
  else if (isinf (series->quiet_from_s))
    series->quiet_from_s = point.at_s;
}

/* Whether a sample of `at_s` takes the place of the last kept one: that is of the same
 * instant, or very near to the one before. */
static gboolean
is_replaced (const QueuesJudge *judge, double at_s)
{
  guint count = judge->kept->len;
  if (count == 0)
    return FALSE;
  double last_s = last_kept (judge)->at_s;
  return at_s <= last_s || (count >= 2 && last_s - kept_at (judge, count - 2)->at_s <
                                              judge->window_s / KEPT_MIN);
}

/* Returns from when on points are replaced by the sample's. */
static double
add_kept (QueuesJudge *judge, const QueuesSample *sample, double at_s)
{
  Kept kept = { at_s, sample->busy, sample->processed };
  double replaced_s = INFINITY;
  if (is_replaced (judge, at_s)) {
    const Kept *last = last_kept (judge);
    replaced_s = last->at_s;
    if (!isnan (last->busy))
      kept.busy = fmax (kept.busy, last->busy);
    g_array_set_size (judge->kept, judge->kept->len - 1);
  }
  g_array_append_val (judge->kept, kept);
  if (sample->busy > 0)
    judge->idle_from_s = INFINITY;
  else if (isinf (judge->idle_from_s))
    judge->idle_from_s = at_s;
  return replaced_s;
}

static void
add_queues (QueuesJudge *judge, const QueuesSample *sample, double at_s,
            double replaced_s)
{
  Point total = { at_s, 0, NAN };
  for (guint i = 0; i < sample->queues->len; i++) {
    const QueuesOne *one = &g_array_index (sample->queues, QueuesOne, i);
    Series *series = g_hash_table_lookup (judge->queues, one->name);
    if (!series) { /* it was empty before: Redis knows no empty lists */
      series = series_new (kept_at (judge, 0)->at_s);
      g_hash_table_insert (judge->queues, g_strdup (one->name), series);
    }
    series_add (series, (Point){ at_s, one->size, one->latency_s }, replaced_s, judge);
    total.size += one->size;
  }
  series_add (judge->whole, total, replaced_s, judge);
}

/* Where the shortest end of what is kept begins that spans the window. */
static guint
window_begin (const QueuesJudge *judge)
{
  guint count = judge->kept->len;
  double from_s = last_kept (judge)->at_s - judge->window_s + SAME_S;
  guint begin = 0;
  while (begin + 1 < count && kept_at (judge, begin + 1)->at_s <= from_s)
    begin++;
  return count < TREND_POINTS_MIN ? 0 : MIN (begin, count - TREND_POINTS_MIN);
}

static void
drop_before (Series *series, double from_s)
{
  guint old = 0;
  while (old < series->points->len && point_at (series, old)->at_s < from_s)
    old++;
  if (old > 0)
    g_array_remove_range (series->points, 0, old);
}

/* Drops what is older than the window, and queues that have not been seen in it. Those
 * that were not in this sample are empty. */
static void
trim (QueuesJudge *judge, double replaced_s)
{
  guint begin = window_begin (judge);
  double now_s = last_kept (judge)->at_s;
  double from_s = kept_at (judge, begin)->at_s;
  if (begin > 0)
    g_array_remove_range (judge->kept, 0, begin);
  drop_before (judge->whole, from_s);
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init (&iter, judge->queues);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    Series *series = value;
    if (series->seen != judge->samples)
      series_miss (series, now_s, replaced_s);
    drop_before (series, from_s);
    if (series->points->len == 0)
      g_hash_table_iter_remove (&iter);
  }
}

gboolean
queues_judge_add (QueuesJudge *judge, const QueuesSample *sample, GError **error)
{
  double at_s = sample->at_s;
  judge->after_gap = FALSE;
  if (judge->kept->len > 0) {
    double last_s = last_kept (judge)->at_s;
    if (at_s < last_s - QUEUES_BACK_MAX_S) {
      g_set_error (error, QUEUES_SAMPLE_ERROR, QUEUES_SAMPLE_ERROR_SHAPE,
                   "\"at\" is %.3f s before that of the sample above; give samples in "
                   "order of time",
                   last_s - at_s);
      return FALSE;
    }
    at_s = MAX (at_s, last_s);
    heed_gaps (judge, at_s - last_s);
  }
  judge->samples++;
  double replaced_s = add_kept (judge, sample, at_s);
  add_queues (judge, sample, at_s, replaced_s);
  if (judge->intervals == 2 && judge->kept->len == 3 &&
      judge->intervals_s[0] > gap_s (judge) + SAME_S)
    forget_first (judge);
  trim (judge, replaced_s);
  return TRUE;
}

/* ---- judging --------------------------------------------------------------- */

double
queues_judge_window_s (const QueuesJudge *judge)
{
  return judge->window_s;
}

double
queues_judge_at_most (const QueuesJudge *judge)
{
  return judge->at_most;
}

gboolean
queues_judge_range (const QueuesJudge *judge, double *least, double *most)
{
  const Series *whole = judge->whole;
  *least = INFINITY;
  *most = 0;
  for (guint i = 0; i < whole->points->len; i++) {
    *least = MIN (*least, point_at (whole, i)->size);
    *most = MAX (*most, point_at (whole, i)->size);
  }
  return whole->points->len > 0;
}

gboolean
queues_judge_was_few (const QueuesJudge *judge)
{
  const Series *whole = judge->whole;
  for (guint i = whole->points->len; i > 0; i--)
    if (point_at (whole, i - 1)->size <= judge->at_most)
      return (last_kept (judge)->at_s - point_at (whole, i - 1)->at_s) *
                 QUEUES_TREND_PART <=
             judge->window_s;
  return FALSE;
}

double
queues_judge_seen_s (const QueuesJudge *judge)
{
  if (judge->kept->len == 0)
    return 0;
  return MIN (last_kept (judge)->at_s - kept_at (judge, 0)->at_s, judge->window_s);
}

double
queues_judge_quiet_s (const QueuesJudge *judge)
{
  double from_s = MAX (judge->whole->quiet_from_s, judge->idle_from_s);
  if (isinf (from_s))
    return 0;
  return MIN (last_kept (judge)->at_s - from_s, judge->window_s);
}

gboolean
queues_judge_is_full (const QueuesJudge *judge)
{
  return queues_judge_seen_s (judge) >= judge->window_s - SAME_S;
}

/* What a series was at each of the kept samples; returns how many there are. */
static guint
values_of (const QueuesJudge *judge, const Series *series, Point *values)
{
  guint next = 0, count = judge->kept->len;
  for (guint i = 0; i < count; i++) {
    double at_s = kept_at (judge, i)->at_s;
    values[i] = (Point){ at_s, 0, NAN };
    while (next < series->points->len && point_at (series, next)->at_s <= at_s)
      values[i] = *point_at (series, next++);
  }
  return count;
}

static double
smallest (const Point *values, guint count)
{
  double least = INFINITY;
  for (guint i = 0; i < count; i++)
    least = MIN (least, values[i].size);
  return least;
}

static gboolean
ever_falls (const Point *values, guint count)
{
  for (guint i = 1; i < count; i++)
    if (values[i].size < values[i - 1].size)
      return TRUE;
  return FALSE;
}

/* What is known of the workers over the kept samples. */
typedef struct {
  gboolean busy_known, busy;
  gboolean processed_known, processed;
} Work;

static Work
work_of (const QueuesJudge *judge)
{
  Work work = { .busy_known = TRUE, .processed_known = TRUE };
  for (guint i = 0; i < judge->kept->len; i++) {
    const Kept *kept = kept_at (judge, i);
    work.busy_known &= !isnan (kept->busy);
    work.busy |= kept->busy > 0;
    work.processed_known &= !isnan (kept->processed);
    work.processed |= i > 0 && kept->processed > kept_at (judge, i - 1)->processed;
  }
  return work;
}

/* Over the whole window: shorter, its workers may only be busy with long jobs. */
static gboolean
oldest_stays (const QueuesJudge *judge, const Point *values, guint count)
{
  double aged = values[count - 1].latency_s - values[0].latency_s;
  double apart = fabs (aged - (values[count - 1].at_s - values[0].at_s));
  return apart <= AGING_APART_S && /* NAN: not known */
         queues_judge_is_full (judge);
}

/* Whether nothing is taken from a series that is never empty. */
static gboolean
is_stuck (const QueuesJudge *judge, const Series *series, const Point *values,
          guint count, int direction)
{
  Work work = work_of (judge);
  if (!(smallest (values, count) > 0))
    return FALSE;
  if (series != judge->whole && oldest_stays (judge, values, count))
    return TRUE;
  if (work.busy || work.processed)
    return FALSE;
  return (work.busy_known && work.processed_known) ||
         (direction <= 0 && !ever_falls (values, count));
}

/* 0 also where the change is less than a job. */
static int
direction_of (const Trend *trend, double span_s)
{
  return fabs (trend->slope) * span_s >= 1 ? trend_direction (trend) : 0;
}

static void
set_eta (const QueuesJudge *judge, const Trend *trend, QueuesJudgement *judgement)
{
  double left = MAX (trend->level - judge->at_most, 0);
  judgement->eta = TRUE;
  judgement->eta_low_s = left / -trend->slope_low;
  judgement->eta_middle_s = left / -trend->slope;
  judgement->eta_high_s = left / -trend->slope_high;
}

static gboolean
is_quiet (const QueuesJudge *judge, const Series *series)
{
  double from_s = MAX (series->quiet_from_s, judge->idle_from_s);
  if (judge->kept->len < QUEUES_NEAR_ZERO_SAMPLES_MIN)
    return FALSE;
  return from_s <= last_kept (judge)->at_s - judge->window_s + SAME_S;
}

/* The common series of an idle system needs no pairs compared. */
static gboolean
fit (const Point *values, guint count, Trend *trend)
{
  TrendPoint points[2 * KEPT_MIN];
  gboolean constant = TRUE;
  for (guint i = 0; i < count; i++) {
    points[i] = (TrendPoint){ values[i].at_s, values[i].size };
    constant &= !(values[i].size < values[0].size || values[i].size > values[0].size);
  }
  if (!constant)
    return trend_fit (points, count, trend);
  *trend = (Trend){ .points = count, .level = values[0].size };
  return TRUE;
}

static QueuesJudgement
judge_trend (const QueuesJudge *judge, const Series *series)
{
  QueuesJudgement judgement = { QUEUES_UNKNOWN, .slope = NAN };
  Point values[2 * KEPT_MIN];
  guint count = values_of (judge, series, values);
  double seen_s = queues_judge_seen_s (judge);
  Trend trend;
  judgement.size = values[count - 1].size;
  if (count < TREND_POINTS_MIN || seen_s * QUEUES_TREND_PART < judge->window_s - SAME_S ||
      !fit (values, count, &trend)) {
    judgement.verdict = is_quiet (judge, series) ? QUEUES_NEAR_ZERO : QUEUES_UNKNOWN;
    return judgement;
  }
  int direction = direction_of (&trend, values[count - 1].at_s - values[0].at_s);
  judgement.slope = trend.slope;
  judgement.verdict = direction < 0   ? QUEUES_SHRINKING
                      : direction > 0 ? QUEUES_GROWING
                                      : QUEUES_STEADY;
  if (direction <= 0 && is_quiet (judge, series))
    judgement.verdict = QUEUES_NEAR_ZERO;
  else if (is_stuck (judge, series, values, count, direction))
    judgement.verdict = QUEUES_STUCK;
  else if (direction < 0)
    set_eta (judge, &trend, &judgement);
  return judgement;
}

double
queues_judge_fresh_until_s (const QueuesJudge *judge)
{
  if (judge->kept->len == 0 || judge->after_gap)
    return -INFINITY;
  return last_kept (judge)->at_s + gap_s (judge) + SAME_S;
}

static QueuesJudgement
judge_series (const QueuesJudge *judge, const Series *series, double now_s)
{
  QueuesJudgement judgement = { QUEUES_STALE, .slope = NAN };
  if (judge->kept->len == 0)
    return judgement;
  double last_s = last_kept (judge)->at_s, until_s = queues_judge_fresh_until_s (judge);
  if (now_s <= until_s && !isinf (until_s))
    return judge_trend (judge, series);
  guint length = series->points->len;
  if (length > 0 && !(point_at (series, length - 1)->at_s < last_s))
    judgement.size = point_at (series, length - 1)->size;
  return judgement;
}

QueuesJudgement
queues_judge_whole (const QueuesJudge *judge, double now_s)
{
  QueuesJudgement judgement = judge_series (judge, judge->whole, now_s);
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init (&iter, judge->queues);
  while (judgement.verdict == QUEUES_NEAR_ZERO &&
         g_hash_table_iter_next (&iter, NULL, &value))
    if (judge_series (judge, value, now_s).verdict == QUEUES_GROWING) {
      judgement.verdict = QUEUES_GROWING;
      judgement.in_part = TRUE;
    }
  return judgement;
}

QueuesJudgement
queues_judge_one (const QueuesJudge *judge, const char *name, double now_s)
{
  Series *series = g_hash_table_lookup (judge->queues, name);
  if (series)
    return judge_series (judge, series, now_s);
  double from_s = judge->kept->len > 0 ? kept_at (judge, 0)->at_s : INFINITY;
  Series *empty = series_new (from_s);
  QueuesJudgement judgement = judge_series (judge, empty, now_s);
  series_free (empty);
  return judgement;
}

gboolean
queues_judge_workers (const QueuesJudge *judge, double within_s, double *workers)
{
  Point values[2 * KEPT_MIN];
  Trend trend;
  guint count = values_of (judge, judge->whole, values);
  Work work = work_of (judge);
  if (count < TREND_POINTS_MIN || !work.busy_known || !work.processed_known ||
      within_s <= 0 || !fit (values, count, &trend))
    return FALSE;
  double busy = 0, span_s = values[count - 1].at_s - values[0].at_s;
  for (guint i = 0; i < count; i++)
    busy += kept_at (judge, i)->busy / count;
  double rate = (last_kept (judge)->processed - kept_at (judge, 0)->processed) /
                (span_s > 0 ? span_s : 1);
  if (!(busy > 0) || !(rate > 0))
    return FALSE;
  double left = MAX (trend.level - judge->at_most, 0);
  double needed = rate + trend.slope + left / within_s;
  *workers = MAX (ceil (needed * busy / rate - SAME_S), 0);
  return TRUE;
}
