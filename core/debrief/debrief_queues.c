/* The queues over the run: samples, curves, and whether they rose. */
#include <math.h>
#include <string.h>

#include "core/checks/queues_judge.h"
#include "core/debrief/debrief_parts.h"

/* What is looked back on to say that the queues rise: what the checks judge by. */
#define WINDOW_US (QUEUES_WINDOW_S * G_USEC_PER_SEC)

/* Fewer more than before are a handful that comes and goes. */
#define RISE_MIN ((double)QUEUES_AT_MOST)

/* A sample stands for what comes after it: for so many of the usual intervals, and for this
 * long at least, because a look may come late. */
#define HOLDS_INTERVALS 3
#define HOLDS_MIN_US (10 * G_USEC_PER_SEC)

static void
queue_free (void *data)
{
  DebriefQueue *queue = data;
  g_free (queue->name);
  g_array_unref (queue->points);
  g_free (queue);
}

void
debrief_queues_init (DebriefQueues *queues)
{
  queues->samples = g_array_new (FALSE, FALSE, sizeof (DebriefSample));
  queues->queues = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, queue_free);
}

void
debrief_queues_clear (DebriefQueues *queues)
{
  g_array_unref (queues->samples);
  g_hash_table_unref (queues->queues);
}

/* ---- taking ----------------------------------------------------------------------- */

static DebriefQueue *
queue_named (DebriefQueues *queues, const char *name)
{
  DebriefQueue *queue = g_hash_table_lookup (queues->queues, name);
  if (queue)
    return queue;
  queue = g_new0 (DebriefQueue, 1);
  queue->name = g_strdup (name);
  queue->points = g_array_new (FALSE, FALSE, sizeof (DebriefPoint));
  g_hash_table_insert (queues->queues, queue->name, queue);
  return queue;
}

static void
take_one (DebriefQueues *queues, const QueuesOne *one)
{
  if (!(one->size > 0) || queues->points >= DEBRIEF_POINTS_MAX)
    return;
  DebriefQueue *queue = queue_named (queues, one->name);
  DebriefPoint point = { queues->samples->len, one->size };
  queue->most = fmax (queue->most, one->size);
  g_array_append_val (queue->points, point);
  queues->points++;
}

/* When this host saw it; of older files only the clock of the Redis is known. */
static gint64
seen_wall_us (const QueuesSample *sample)
{
  const json_t *seen = json_object_get (sample->json, "seen");
  double seen_s = json_is_number (seen) ? json_number_value (seen) : sample->at_s;
  gboolean sane = seen_s >= 0 && seen_s < QUEUES_NUMBER_MAX / G_USEC_PER_SEC;
  return sane ? (gint64)(seen_s * G_USEC_PER_SEC) : 0;
}

gboolean
debrief_take_sample (Debrief *debrief, const char *line, gsize length)
{
  DebriefQueues *queues = &debrief->parts->queues;
  g_autoptr (QueuesSample) sample = queues_sample_read (line, length, NULL);
  if (!sample || queues->samples->len >= DEBRIEF_SAMPLES_MAX)
    return FALSE;
  DebriefSample kept = { .wall_us = seen_wall_us (sample),
                         .processed = sample->processed };
  for (guint i = 0; i < sample->queues->len; i++) {
    const QueuesOne *one = &g_array_index (sample->queues, QueuesOne, i);
    kept.total += one->size;
    take_one (queues, one);
  }
  g_array_append_val (queues->samples, kept);
  return TRUE;
}

/* ---- once the events are known ------------------------------------------------------ */

static const DebriefSample *
sample_at (const DebriefQueues *queues, guint index)
{
  return &g_array_index (queues->samples, DebriefSample, index);
}

static int
compare_times (const void *a, const void *b)
{
  const gint64 *left = a, *right = b;
  return (*left > *right) - (*left < *right);
}

/* The usual time between two samples: half of them are no further apart. */
static gint64
usual_interval_us (const DebriefQueues *queues)
{
  g_autoptr (GArray) gaps = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 1; i < queues->samples->len; i++) {
    gint64 gap_us = sample_at (queues, i)->at_us - sample_at (queues, i - 1)->at_us;
    g_array_append_val (gaps, gap_us);
  }
  g_array_sort (gaps, compare_times);
  return gaps->len ? g_array_index (gaps, gint64, gaps->len / 2) : 0;
}

/* Times never go back, so that they can be searched. What was worked off is only told by
 * the samples where the deployment does not tell. */
void
debrief_queues_finish (Debrief *debrief)
{
  DebriefQueues *queues = &debrief->parts->queues;
  gint64 last_us = G_MININT64;
  for (guint i = 0; i < queues->samples->len; i++) {
    DebriefSample *sample = &g_array_index (queues->samples, DebriefSample, i);
    gint64 at_us = debrief_time_at_wall (debrief, sample->wall_us).at_us;
    sample->at_us = last_us = MAX (at_us, last_us);
  }
  queues->holds_us = MAX (HOLDS_INTERVALS * usual_interval_us (queues), HOLDS_MIN_US);
  if (queues->samples->len == 0)
    return;
  const DebriefSample *first = sample_at (queues, 0);
  const DebriefSample *last = sample_at (queues, queues->samples->len - 1);
  double done = last->processed - first->processed;
  debrief->jobs.queued = (gint64)last->total;
  debrief->jobs.done = done >= 0 ? (gint64)done : -1; /* NAN is none either */
  debrief->jobs.counted = (DebriefTime){ last->at_us, last->wall_us };
}

/* The number of samples up to that time. */
static guint
samples_until (const DebriefQueues *queues, gint64 at_us)
{
  guint low = 0, high = queues->samples->len;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (sample_at (queues, middle)->at_us <= at_us)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

gboolean
debrief_queues_rise (const Debrief *debrief, gint64 from_us, gint64 at_us, double *rate)
{
  const DebriefQueues *queues = &debrief->parts->queues;
  guint end = samples_until (queues, at_us);
  guint begin = samples_until (queues, MAX (from_us, at_us - WINDOW_US) - 1);
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (TrendPoint));
  for (guint i = begin; i < end; i++) {
    const DebriefSample *sample = sample_at (queues, i);
    TrendPoint point = { (double)sample->at_us / G_USEC_PER_SEC, sample->total };
    g_array_append_val (points, point);
  }
  Trend trend;
  const TrendPoint *series = (const TrendPoint *)(void *)points->data;
  if (points->len == 0 || !trend_fit (series, points->len, &trend))
    return FALSE;
  double span_s = series[points->len - 1].at_s - series[0].at_s;
  *rate = trend.slope * 60;
  return trend_direction (&trend) > 0 && trend.slope * span_s >= RISE_MIN;
}

double
debrief_queues_total (const Debrief *debrief, gint64 at_us)
{
  const DebriefQueues *queues = &debrief->parts->queues;
  guint count = samples_until (queues, at_us);
  return count ? sample_at (queues, count - 1)->total : NAN;
}

/* ---- curves ----------------------------------------------------------------------- */

/* The piece of the curve that a time is in; before and after the run the outermost. */
static guint
piece_of (const Debrief *debrief, gint64 at_us, guint width)
{
  double whole = (double)MAX (debrief->end.at_us, 1);
  double piece = (double)at_us / whole * width;
  return piece <= 0 ? 0 : piece >= width ? width - 1 : (guint)piece;
}

/* A sample stands until the next one comes, or until it is too old. */
static void
draw_sample (const Debrief *debrief, guint index, double size, guint width,
             double *values)
{
  const DebriefQueues *queues = &debrief->parts->queues;
  gint64 from_us = sample_at (queues, index)->at_us;
  gint64 until_us = from_us + queues->holds_us;
  if (index + 1 < queues->samples->len)
    until_us = MIN (until_us, sample_at (queues, index + 1)->at_us);
  guint last = piece_of (debrief, MAX (until_us - 1, from_us), width);
  for (guint i = piece_of (debrief, from_us, width); i <= last; i++)
    values[i] = fmax (values[i], size); /* the one that is a number */
}

static DebriefCurve *
curve_new (const char *name, guint width)
{
  DebriefCurve *curve = g_new0 (DebriefCurve, 1);
  curve->name = g_strdup (name);
  curve->values = g_new (double, width);
  for (guint i = 0; i < width; i++)
    curve->values[i] = NAN;
  return curve;
}

static void
curve_free (void *data)
{
  DebriefCurve *curve = data;
  g_free (curve->name);
  g_free (curve->values);
  g_free (curve);
}

static DebriefCurve *
whole_curve (const Debrief *debrief, guint width)
{
  const DebriefQueues *queues = &debrief->parts->queues;
  DebriefCurve *curve = curve_new (NULL, width);
  for (guint i = 0; i < queues->samples->len; i++) {
    curve->last = sample_at (queues, i)->total;
    curve->most = fmax (curve->most, curve->last);
    draw_sample (debrief, i, curve->last, width, curve->values);
  }
  return curve;
}

/* Samples without the queue are those in which it was empty. */
static DebriefCurve *
queue_curve (const Debrief *debrief, const DebriefQueue *queue, guint width)
{
  const DebriefQueues *queues = &debrief->parts->queues;
  DebriefCurve *curve = curve_new (queue->name, width);
  curve->most = queue->most;
  guint next = 0;
  for (guint i = 0; i < queues->samples->len; i++) {
    const DebriefPoint *point = next < queue->points->len
                                    ? &g_array_index (queue->points, DebriefPoint, next)
                                    : NULL;
    gboolean there = point && point->sample == i;
    curve->last = there ? point->size : 0;
    next += there ? 1 : 0;
    draw_sample (debrief, i, curve->last, width, curve->values);
  }
  return curve;
}

static int
compare_queues (const void *a, const void *b)
{
  const DebriefQueue *left = *(DebriefQueue *const *)a,
                     *right = *(DebriefQueue *const *)b;
  int order = (left->most < right->most) - (left->most > right->most);
  return order ? order : strcmp (left->name, right->name);
}

GPtrArray *
debrief_curves (const Debrief *debrief, guint count, guint width)
{
  const DebriefQueues *queues = &debrief->parts->queues;
  GPtrArray *curves = g_ptr_array_new_with_free_func (curve_free);
  if (queues->samples->len == 0 || width == 0)
    return curves;
  g_ptr_array_add (curves, whole_curve (debrief, width));
  g_autoptr (GPtrArray) biggest = g_ptr_array_new ();
  GHashTableIter iter;
  void *queue;
  g_hash_table_iter_init (&iter, queues->queues);
  while (g_hash_table_iter_next (&iter, NULL, &queue))
    g_ptr_array_add (biggest, queue);
  g_ptr_array_sort (biggest, compare_queues);
  for (guint i = 0; i < MIN (count, biggest->len); i++)
    g_ptr_array_add (curves, queue_curve (debrief, biggest->pdata[i], width));
  return curves;
}
