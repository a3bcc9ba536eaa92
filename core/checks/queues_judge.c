#include "core/checks/queues_judge.h"

#include <math.h>

#include "core/checks/queues_window.h"

/* An oldest job that ages as time goes by, to within this, is the same one all along. */
#define AGING_APART_S 0.5

struct QueuesJudge {
  QueuesWindow window;
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

QueuesJudge *
queues_judge_new (double window_s, double at_most)
{
  QueuesJudge *judge = g_new0 (QueuesJudge, 1);
  queues_window_init (&judge->window, window_s, at_most);
  return judge;
}

void
queues_judge_set_gap_floor (QueuesJudge *judge, double gap_floor_s)
{
  judge->window.gap_floor_s = gap_floor_s;
}

void
queues_judge_free (QueuesJudge *judge)
{
  if (!judge)
    return;
  queues_window_finish (&judge->window);
  g_free (judge);
}

gboolean
queues_judge_add (QueuesJudge *judge, const QueuesSample *sample, GError **error)
{
  return queues_window_add (&judge->window, sample, error);
}

/* ---- judging --------------------------------------------------------------- */

static double
fresh_until_s (const QueuesWindow *window)
{
  if (window->kept->len == 0 || window->after_gap)
    return -INFINITY;
  return queues_window_last (window)->at_s + queues_window_gap_s (window) + QUEUES_SAME_S;
}

double
queues_judge_fresh_until_s (const QueuesJudge *judge)
{
  return fresh_until_s (&judge->window);
}

double
queues_judge_window_s (const QueuesJudge *judge)
{
  return judge->window.window_s;
}

double
queues_judge_at_most (const QueuesJudge *judge)
{
  return judge->window.at_most;
}

gboolean
queues_judge_range (const QueuesJudge *judge, double *least, double *most)
{
  const QueuesWindow *window = &judge->window;
  const QueuesSeries *whole = window->whole;
  *least = INFINITY;
  *most = 0;
  for (guint i = 0; i < whole->points->len; i++) {
    *least = MIN (*least, queues_series_point (whole, i)->size);
    *most = MAX (*most, queues_series_point (whole, i)->size);
  }
  return whole->points->len > 0;
}

gboolean
queues_judge_was_few (const QueuesJudge *judge)
{
  const QueuesWindow *window = &judge->window;
  const QueuesSeries *whole = window->whole;
  for (guint i = whole->points->len; i > 0; i--)
    if (queues_series_point (whole, i - 1)->size <= window->at_most)
      return (queues_window_last (window)->at_s -
              queues_series_point (whole, i - 1)->at_s) *
                 QUEUES_TREND_PART <=
             window->window_s;
  return FALSE;
}

double
queues_judge_seen_s (const QueuesJudge *judge)
{
  return queues_window_seen_s (&judge->window);
}

double
queues_judge_quiet_s (const QueuesJudge *judge)
{
  const QueuesWindow *window = &judge->window;
  double from_s = MAX (window->whole->quiet_from_s, window->idle_from_s);
  if (isinf (from_s))
    return 0;
  return MIN (queues_window_last (window)->at_s - from_s, window->window_s);
}

gboolean
queues_judge_is_full (const QueuesJudge *judge)
{
  return queues_window_is_full (&judge->window);
}

static double
smallest (const QueuesPoint *values, guint count)
{
  double least = INFINITY;
  for (guint i = 0; i < count; i++)
    least = MIN (least, values[i].size);
  return least;
}

static gboolean
ever_falls (const QueuesPoint *values, guint count)
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
work_of (const QueuesWindow *window)
{
  Work work = { .busy_known = TRUE, .processed_known = TRUE };
  for (guint i = 0; i < window->kept->len; i++) {
    const QueuesKept *kept = queues_window_kept (window, i);
    work.busy_known &= !isnan (kept->busy);
    work.busy |= kept->busy > 0;
    work.processed_known &= !isnan (kept->processed);
    work.processed |=
        i > 0 && kept->processed > queues_window_kept (window, i - 1)->processed;
  }
  return work;
}

/* Over the whole window: shorter, its workers may only be busy with long jobs. */
static gboolean
oldest_stays (const QueuesWindow *window, const QueuesPoint *values, guint count)
{
  double aged = values[count - 1].latency_s - values[0].latency_s;
  double apart = fabs (aged - (values[count - 1].at_s - values[0].at_s));
  return apart <= AGING_APART_S && /* NAN: not known */
         queues_window_is_full (window);
}

/* Whether nothing is taken from a series that is never empty. */
static gboolean
is_stuck (const QueuesWindow *window, const QueuesSeries *series,
          const QueuesPoint *values, guint count, int direction)
{
  Work work = work_of (window);
  if (!(smallest (values, count) > 0))
    return FALSE;
  if (series != window->whole && oldest_stays (window, values, count))
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
set_eta (const QueuesWindow *window, const Trend *trend, QueuesJudgement *judgement)
{
  double left = MAX (trend->level - window->at_most, 0);
  judgement->eta = TRUE;
  judgement->eta_low_s = left / -trend->slope_low;
  judgement->eta_middle_s = left / -trend->slope;
  judgement->eta_high_s = left / -trend->slope_high;
}

static gboolean
is_quiet (const QueuesWindow *window, const QueuesSeries *series)
{
  double from_s = MAX (series->quiet_from_s, window->idle_from_s);
  if (window->kept->len < QUEUES_NEAR_ZERO_SAMPLES_MIN)
    return FALSE;
  return from_s <= queues_window_last (window)->at_s - window->window_s + QUEUES_SAME_S;
}

/* The common series of an idle system needs no pairs compared. */
static gboolean
fit (const QueuesPoint *values, guint count, Trend *trend)
{
  TrendPoint points[QUEUES_VALUES_MAX];
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

static gboolean
is_late_rise (const Trend *trend, double span_s)
{
  double z = trend->z;
  if (trend->points <= QUEUES_LATE_FEW && trend->variance > 0)
    z = (trend->s - 1) / sqrt (trend->variance);
  return z >= QUEUES_LATE_CRITICAL && trend->slope * span_s >= 1;
}

/* As many of the samples as a trend looks at, or up to twice that, evenly and with the last:
 * the closer they are, the more alike are neighbours. Returns how many. */
static guint
pick_evenly (const QueuesPoint *values, guint count, QueuesPoint *picked)
{
  guint stride = MAX ((count - 1) / TREND_POINTS_MAX, 1);
  guint picks = (count - 1) / stride + 1;
  for (guint i = 0; i < picks; i++)
    picked[picks - 1 - i] = values[count - 1 - i * stride];
  return picks;
}

/* Whether the end of a series rises, though the whole of it has no trend. */
static gboolean
rises_lately (const QueuesWindow *window, const QueuesPoint *values, guint count,
              double *slope)
{
  QueuesPoint picked[QUEUES_VALUES_MAX];
  guint from = 0, picks = pick_evenly (values, count, picked);
  double last_s = picked[picks - 1].at_s;
  for (guint part = 2; part <= QUEUES_LATE_PARTS; part *= 2) {
    Trend trend;
    double from_s = last_s - window->window_s / part - QUEUES_SAME_S;
    while (picked[from].at_s < from_s)
      from++;
    if (picks - from < TREND_POINTS_MIN || !fit (picked + from, picks - from, &trend) ||
        !is_late_rise (&trend, last_s - picked[from].at_s))
      continue;
    *slope = trend.slope;
    return TRUE;
  }
  return FALSE;
}

/* What has been at most at_most in every sample: near zero, unless it begins to grow. */
static void
judge_quiet (const QueuesWindow *window, const QueuesPoint *values, guint count,
             QueuesJudgement *judgement)
{
  judgement->lately = rises_lately (window, values, count, &judgement->slope);
  judgement->verdict = judgement->lately ? QUEUES_GROWING : QUEUES_NEAR_ZERO;
}

static QueuesJudgement
judge_trend (const QueuesWindow *window, const QueuesSeries *series)
{
  QueuesJudgement judgement = { QUEUES_UNKNOWN, .slope = NAN };
  QueuesPoint values[QUEUES_VALUES_MAX];
  guint count = queues_window_values (window, series, values);
  double seen_s = queues_window_seen_s (window);
  Trend trend;
  judgement.size = values[count - 1].size;
  if (count < TREND_POINTS_MIN ||
      seen_s * QUEUES_TREND_PART < window->window_s - QUEUES_SAME_S ||
      !fit (values, count, &trend)) {
    judgement.verdict = is_quiet (window, series) ? QUEUES_NEAR_ZERO : QUEUES_UNKNOWN;
    return judgement;
  }
  int direction = direction_of (&trend, values[count - 1].at_s - values[0].at_s);
  judgement.slope = trend.slope;
  judgement.verdict = direction < 0   ? QUEUES_SHRINKING
                      : direction > 0 ? QUEUES_GROWING
                                      : QUEUES_STEADY;
  if (direction <= 0 && is_quiet (window, series))
    judge_quiet (window, values, count, &judgement);
  else if (is_stuck (window, series, values, count, direction))
    judgement.verdict = QUEUES_STUCK;
  else if (direction < 0)
    set_eta (window, &trend, &judgement);
  return judgement;
}

static QueuesJudgement
judge_series (const QueuesWindow *window, const QueuesSeries *series, double now_s)
{
  QueuesJudgement judgement = { QUEUES_STALE, .slope = NAN };
  if (window->kept->len == 0)
    return judgement;
  double last_s = queues_window_last (window)->at_s, until_s = fresh_until_s (window);
  if (now_s <= until_s && !isinf (until_s))
    return judge_trend (window, series);
  guint length = series->points->len;
  if (length > 0 && !(queues_series_point (series, length - 1)->at_s < last_s))
    judgement.size = queues_series_point (series, length - 1)->size;
  return judgement;
}

QueuesJudgement
queues_judge_whole (const QueuesJudge *judge, double now_s)
{
  const QueuesWindow *window = &judge->window;
  QueuesJudgement judgement = judge_series (window, window->whole, now_s);
  GHashTableIter iter;
  gpointer value;
  if (judgement.verdict != QUEUES_NEAR_ZERO)
    return judgement;
  g_hash_table_iter_init (&iter, window->queues);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    QueuesJudgement one = judge_series (window, value, now_s);
    if (one.verdict != QUEUES_GROWING)
      continue;
    judgement.lately = one.lately && (judgement.lately || !judgement.in_part);
    judgement.verdict = QUEUES_GROWING;
    judgement.in_part = TRUE;
  }
  return judgement;
}

QueuesJudgement
queues_judge_one (const QueuesJudge *judge, const char *name, double now_s)
{
  const QueuesWindow *window = &judge->window;
  QueuesSeries *series = g_hash_table_lookup (window->queues, name);
  if (series)
    return judge_series (window, series, now_s);
  double from_s = window->kept->len > 0 ? queues_window_kept (window, 0)->at_s : INFINITY;
  QueuesSeries *empty = queues_series_new (from_s);
  QueuesJudgement judgement = judge_series (window, empty, now_s);
  queues_series_free (empty);
  return judgement;
}

void
queues_judge_each (const QueuesJudge *judge, const json_t *queues, double now_s,
                   GArray *each)
{
  size_t index;
  json_t *queue;
  g_array_set_size (each, 0);
  json_array_foreach (queues, index, queue)
  {
    const char *name = json_string_value (json_object_get (queue, "name"));
    QueuesJudgement judgement = queues_judge_one (judge, name ? name : "", now_s);
    g_array_append_val (each, judgement);
  }
}

gboolean
queues_judge_workers (const QueuesJudge *judge, double within_s, double *workers)
{
  const QueuesWindow *window = &judge->window;
  QueuesPoint values[QUEUES_VALUES_MAX];
  Trend trend;
  guint count = queues_window_values (window, window->whole, values);
  Work work = work_of (window);
  if (count < TREND_POINTS_MIN || !work.busy_known || !work.processed_known ||
      within_s <= 0 || !fit (values, count, &trend))
    return FALSE;
  double busy = 0, span_s = values[count - 1].at_s - values[0].at_s;
  for (guint i = 0; i < count; i++)
    busy += queues_window_kept (window, i)->busy / count;
  double rate = (queues_window_last (window)->processed -
                 queues_window_kept (window, 0)->processed) /
                (span_s > 0 ? span_s : 1);
  if (!(busy > 0) || !(rate > 0))
    return FALSE;
  double left = MAX (trend.level - window->at_most, 0);
  double needed = rate + trend.slope + left / within_s;
  *workers = MAX (ceil (needed * busy / rate - QUEUES_SAME_S), 0);
  return TRUE;
}
