/* queues_window.h: what is kept of the samples of job queues over a window, for
 * queues_judge.h. Pure. */
#ifndef HANDRAIL_CHECKS_QUEUES_WINDOW_H
#define HANDRAIL_CHECKS_QUEUES_WINDOW_H

#include "core/checks/queues_judge.h"

/* Two times are the same within a millisecond: samplers are no better. */
#define QUEUES_SAME_S 0.001

/* As many intervals tell what an interval is. */
#define QUEUES_INTERVALS_KEPT 32

/* Samples that are kept of a window, at least: more than a trend looks at, since it makes
 * means of neighbours. Closer ones take the last one's place. */
#define QUEUES_KEPT_MIN (2 * TREND_POINTS_MAX)

/* Of a series for queues_window_values(): as many samples are kept at the most. */
#define QUEUES_VALUES_MAX (2 * QUEUES_KEPT_MIN)

/* Of one queue, or of all: a point for each kept sample that it was in. */
typedef struct {
  double at_s;
  double size;
  double latency_s;
} QueuesPoint;

typedef struct {
  GArray *points;      /* of QueuesPoint */
  double quiet_from_s; /* since when size ≤ at_most in every sample; INFINITY: is not */
  guint seen;          /* the number of the last sample it was in */
} QueuesSeries;

typedef struct {
  double at_s;
  double busy; /* the most since the kept sample before; NAN: not known */
  double processed;
} QueuesKept;

typedef struct {
  double window_s, at_most, gap_floor_s;
  GArray *kept;       /* of QueuesKept: some samples of the window, and the last one */
  GHashTable *queues; /* name → QueuesSeries */
  QueuesSeries *whole;
  double idle_from_s; /* since when busy is 0 or not known in every sample */
  double intervals_s[QUEUES_INTERVALS_KEPT]; /* since the last gap, a ring */
  guint intervals;
  guint samples;      /* the number of the last one, from 1 */
  gboolean after_gap; /* the last sample is the first one after a gap */
} QueuesWindow;

void queues_window_init (QueuesWindow *window, double window_s, double at_most);
void queues_window_finish (QueuesWindow *window);

/* As queues_judge_add(). */
gboolean queues_window_add (QueuesWindow *window, const QueuesSample *sample,
                            GError **error);

/* After how long without a sample the last one is stale. */
double queues_window_gap_s (const QueuesWindow *window);

/* As queues_judge_seen_s() and queues_judge_is_full(). */
double queues_window_seen_s (const QueuesWindow *window);
gboolean queues_window_is_full (const QueuesWindow *window);

/* What a series was at each of the kept samples; returns how many there are. */
guint queues_window_values (const QueuesWindow *window, const QueuesSeries *series,
                            QueuesPoint values[QUEUES_VALUES_MAX]);

QueuesSeries *queues_series_new (double quiet_from_s);
void queues_series_free (void *series);

static inline QueuesKept *
queues_window_kept (const QueuesWindow *window, guint index)
{
  return &g_array_index (window->kept, QueuesKept, index);
}

static inline QueuesKept *
queues_window_last (const QueuesWindow *window)
{
  return queues_window_kept (window, window->kept->len - 1);
}

static inline QueuesPoint *
queues_series_point (const QueuesSeries *series, guint index)
{
  return &g_array_index (series->points, QueuesPoint, index);
}

#endif
