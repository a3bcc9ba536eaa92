#include "core/checks/queues_window.h"

#include <math.h>
#include <string.h>

QueuesSeries *
queues_series_new (double quiet_from_s)
{
  QueuesSeries *series = g_new0 (QueuesSeries, 1);
  series->points = g_array_new (FALSE, FALSE, sizeof (QueuesPoint));
  series->quiet_from_s = quiet_from_s;
  return series;
}

void
queues_series_free (void *data)
{
  QueuesSeries *series = data;
  g_array_unref (series->points);
  g_free (series);
}

void
queues_window_init (QueuesWindow *window, double window_s, double at_most)
{
  *window = (QueuesWindow){
    .window_s = window_s,
    .at_most = at_most,
    .gap_floor_s = QUEUES_GAP_FLOOR_S,
    .kept = g_array_new (FALSE, FALSE, sizeof (QueuesKept)),
    .queues = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, queues_series_free),
    .whole = queues_series_new (INFINITY),
    .idle_from_s = INFINITY,
  };
}

void
queues_window_finish (QueuesWindow *window)
{
  g_array_unref (window->kept);
  g_hash_table_unref (window->queues);
  queues_series_free (window->whole);
}

/* ---- taking samples -------------------------------------------------------- */

static int
compare_numbers (const void *one, const void *other)
{
  double a = *(const double *)one, b = *(const double *)other;
  return (a > b) - (a < b);
}

/* After how long without a sample the last one is stale: at the latest after a window, of
 * which nothing has been seen then. The lower median, so that the gap itself does not
 * count. */
double
queues_window_gap_s (const QueuesWindow *window)
{
  double sorted[QUEUES_INTERVALS_KEPT];
  guint count = MIN (window->intervals, QUEUES_INTERVALS_KEPT);
  if (count == 0)
    return window->window_s;
  memcpy (sorted, window->intervals_s, count * sizeof *sorted);
  qsort (sorted, count, sizeof *sorted, compare_numbers);
  double gap = MAX (QUEUES_GAP_INTERVALS * sorted[(count - 1) / 2], window->gap_floor_s);
  return MIN (gap, window->window_s);
}

static void
note_interval (QueuesWindow *window, double interval_s)
{
  window->intervals_s[window->intervals++ % QUEUES_INTERVALS_KEPT] = interval_s;
}

/* What was before is no part of what comes. */
static void
forget (QueuesWindow *window)
{
  g_array_set_size (window->kept, 0);
  g_array_set_size (window->whole->points, 0);
  g_hash_table_remove_all (window->queues);
  window->whole->quiet_from_s = window->idle_from_s = INFINITY;
  window->intervals = 0;
}

/* With a first interval that turns out to be a gap by the second, the first sample is
 * what is forgotten. */
static void
forget_first (QueuesWindow *window)
{
  double from_s = queues_window_kept (window, 1)->at_s;
  g_array_remove_index (window->kept, 0);
  g_array_remove_index (window->whole->points, 0);
  window->whole->quiet_from_s = MAX (window->whole->quiet_from_s, from_s);
  window->idle_from_s = MAX (window->idle_from_s, from_s);
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init (&iter, window->queues);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    QueuesSeries *series = value;
    series->quiet_from_s = MAX (series->quiet_from_s, from_s);
    if (series->points->len > 0 && queues_series_point (series, 0)->at_s < from_s)
      g_array_remove_index (series->points, 0);
  }
  window->intervals_s[0] = window->intervals_s[1];
  window->intervals = 1;
}

static void
heed_gaps (QueuesWindow *window, double interval_s)
{
  window->after_gap = interval_s > queues_window_gap_s (window) + QUEUES_SAME_S;
  if (window->after_gap)
    forget (window);
  else
    note_interval (window, interval_s);
}

static void
drop_replaced (QueuesSeries *series, double replaced_s)
{
  guint length = series->points->len;
  if (length > 0 && queues_series_point (series, length - 1)->at_s >= replaced_s)
    g_array_set_size (series->points, length - 1);
}

/* It was not in the sample of `at_s`: it was empty. */
static void
series_miss (QueuesSeries *series, double at_s, double replaced_s)
{
  drop_replaced (series, replaced_s);
  if (isinf (series->quiet_from_s))
    series->quiet_from_s = at_s;
}

static void
series_add (QueuesSeries *series, QueuesPoint point, double replaced_s,
            const QueuesWindow *window)
{
  drop_replaced (series, replaced_s);
  g_array_append_val (series->points, point);
  series->seen = window->samples;
  if (point.size > window->at_most)
    series->quiet_from_s = INFINITY;
  else if (isinf (series->quiet_from_s))
    series->quiet_from_s = point.at_s;
}

/* Whether a sample of `at_s` takes the place of the last kept one: that is of the same
 * instant, or very near to the one before. */
static gboolean
is_replaced (const QueuesWindow *window, double at_s)
{
  guint count = window->kept->len;
  if (count == 0)
    return FALSE;
  double last_s = queues_window_last (window)->at_s;
  return at_s <= last_s ||
         (count >= 2 && last_s - queues_window_kept (window, count - 2)->at_s <
                            window->window_s / QUEUES_KEPT_MIN);
}

/* Returns from when on points are replaced by the sample's. */
static double
add_kept (QueuesWindow *window, const QueuesSample *sample, double at_s)
{
  QueuesKept kept = { at_s, sample->busy, sample->processed };
  double replaced_s = INFINITY;
  if (is_replaced (window, at_s)) {
    const QueuesKept *last = queues_window_last (window);
    replaced_s = last->at_s;
    if (!isnan (last->busy))
      kept.busy = fmax (kept.busy, last->busy);
    g_array_set_size (window->kept, window->kept->len - 1);
  }
  g_array_append_val (window->kept, kept);
  if (sample->busy > 0)
    window->idle_from_s = INFINITY;
  else if (isinf (window->idle_from_s))
    window->idle_from_s = at_s;
  return replaced_s;
}

static void
add_queues (QueuesWindow *window, const QueuesSample *sample, double at_s,
            double replaced_s)
{
  QueuesPoint total = { at_s, 0, NAN };
  for (guint i = 0; i < sample->queues->len; i++) {
    const QueuesOne *one = &g_array_index (sample->queues, QueuesOne, i);
    QueuesSeries *series = g_hash_table_lookup (window->queues, one->name);
    if (!series) { /* it was empty before: Redis knows no empty lists */
      series = queues_series_new (queues_window_kept (window, 0)->at_s);
      g_hash_table_insert (window->queues, g_strdup (one->name), series);
    }
    series_add (series, (QueuesPoint){ at_s, one->size, one->latency_s }, replaced_s,
                window);
    total.size += one->size;
  }
  series_add (window->whole, total, replaced_s, window);
}

/* Where the shortest end of what is kept begins that spans the window. */
static guint
window_begin (const QueuesWindow *window)
{
  guint count = window->kept->len;
  double from_s = queues_window_last (window)->at_s - window->window_s + QUEUES_SAME_S;
  guint begin = 0;
  while (begin + 1 < count && queues_window_kept (window, begin + 1)->at_s <= from_s)
    begin++;
  return count < TREND_POINTS_MIN ? 0 : MIN (begin, count - TREND_POINTS_MIN);
}

static void
drop_before (QueuesSeries *series, double from_s)
{
  guint old = 0;
  while (old < series->points->len && queues_series_point (series, old)->at_s < from_s)
    old++;
  if (old > 0)
    g_array_remove_range (series->points, 0, old);
}

/* Drops what is older than the window, and queues that have not been seen in it. Those
 * that were not in this sample are empty. */
static void
trim (QueuesWindow *window, double replaced_s)
{
  guint begin = window_begin (window);
  double now_s = queues_window_last (window)->at_s;
  double from_s = queues_window_kept (window, begin)->at_s;
  if (begin > 0)
    g_array_remove_range (window->kept, 0, begin);
  drop_before (window->whole, from_s);
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init (&iter, window->queues);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    QueuesSeries *series = value;
    if (series->seen != window->samples)
      series_miss (series, now_s, replaced_s);
    drop_before (series, from_s);
    if (series->points->len == 0)
      g_hash_table_iter_remove (&iter);
  }
}

gboolean
queues_window_add (QueuesWindow *window, const QueuesSample *sample, GError **error)
{
  double at_s = sample->at_s;
  window->after_gap = FALSE;
  if (window->kept->len > 0) {
    double last_s = queues_window_last (window)->at_s;
    if (at_s < last_s - QUEUES_BACK_MAX_S) {
      g_set_error (error, QUEUES_SAMPLE_ERROR, QUEUES_SAMPLE_ERROR_SHAPE,
                   "\"at\" is %.3f s before that of the sample above; give samples in "
                   "order of time",
                   last_s - at_s);
      return FALSE;
    }
    at_s = MAX (at_s, last_s);
    heed_gaps (window, at_s - last_s);
  }
  window->samples++;
  double replaced_s = add_kept (window, sample, at_s);
  add_queues (window, sample, at_s, replaced_s);
  if (window->intervals == 2 && window->kept->len == 3 &&
      window->intervals_s[0] > queues_window_gap_s (window) + QUEUES_SAME_S)
    forget_first (window);
  trim (window, replaced_s);
  return TRUE;
}

/* ---- what is kept ---------------------------------------------------------- */

double
queues_window_seen_s (const QueuesWindow *window)
{
  if (window->kept->len == 0)
    return 0;
  return MIN (queues_window_last (window)->at_s - queues_window_kept (window, 0)->at_s,
              window->window_s);
}

gboolean
queues_window_is_full (const QueuesWindow *window)
{
  return queues_window_seen_s (window) >= window->window_s - QUEUES_SAME_S;
}

guint
queues_window_values (const QueuesWindow *window, const QueuesSeries *series,
                      QueuesPoint values[QUEUES_VALUES_MAX])
{
  guint next = 0, count = window->kept->len;
  for (guint i = 0; i < count; i++) {
    double at_s = queues_window_kept (window, i)->at_s;
    values[i] = (QueuesPoint){ at_s, 0, NAN };
    while (next < series->points->len && queues_series_point (series, next)->at_s <= at_s)
      values[i] = *queues_series_point (series, next++);
  }
  return count;
}
