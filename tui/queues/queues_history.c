#include "tui/queues/queues_history.h"

#include <math.h>
#include <string.h>

/* The chart of the window moves on by a quarter of it, so that it stands still between. */
#define QUARTER (QUEUES_HISTORY_PIECES / 4)
#define RECENT_SPAN (QUEUES_HISTORY_PIECES + QUARTER)

/* As many pieces of all the time are as fine as a wide screen shows. */
#define WHOLE_SPAN (4 * QUEUES_HISTORY_PIECES)

enum { RECENT, WHOLE, TRACKS };

static const gsize capacities[TRACKS] = { RECENT_SPAN, WHOLE_SPAN };

/* The time axis that all queues share. */
typedef struct {
  gint64 piece_us;
  gint64 begin_us; /* of the piece with the number 0 */
  gint64 first;    /* number of the first piece that is kept, from the first sample on */
  gsize count;
  gboolean gaps[WHOLE_SPAN];
} Track;

/* Of one queue. Most are empty for ever: they have no values yet. */
typedef struct {
  float *values[TRACKS];
  float size; /* in the last sample */
  gboolean named;
} Series;

struct QueuesHistory {
  gint64 begin_us; /* the first sample's time */
  gint64 window_us;
  Track tracks[TRACKS];
  GHashTable *queues; /* name → Series */
  Series *whole;
};

static void
series_free (void *data)
{
  Series *series = data;
  for (guint i = 0; i < TRACKS; i++)
    g_free (series->values[i]);
  g_free (series);
}

QueuesHistory *
queues_history_new (gint64 window_us)
{
  QueuesHistory *history = g_new0 (QueuesHistory, 1);
  history->window_us = MAX (window_us, 1);
  for (guint i = 0; i < TRACKS; i++)
    history->tracks[i].piece_us = MAX (window_us / QUEUES_HISTORY_PIECES, 1);
  history->queues = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, series_free);
  history->whole = g_new0 (Series, 1);
  return history;
}

void
queues_history_free (QueuesHistory *history)
{
  if (!history)
    return;
  g_hash_table_unref (history->queues);
  series_free (history->whole);
  g_free (history);
}

/* ---- the axis goes on ----------------------------------------------------------- */

typedef void (*SeriesChange) (Series *series, guint number, const Track *track, gsize by);

static void
change_all (QueuesHistory *history, guint number, SeriesChange change, gsize by)
{
  const Track *track = &history->tracks[number];
  GHashTableIter iter;
  gpointer series;
  g_hash_table_iter_init (&iter, history->queues);
  while (g_hash_table_iter_next (&iter, NULL, &series))
    change (series, number, track, by);
  change (history->whole, number, track, by);
}

/* Makes one piece of two; the first one has an even number. */
static void
halve (Series *series, guint number, const Track *track, gsize unused)
{
  float *values = series->values[number];
  (void)unused;
  for (gsize i = 0; values && i < track->count; i++)
    values[i / 2] = i % 2 == 0 ? values[i] : MAX (values[i / 2], values[i]);
}

static void
halve_track (QueuesHistory *history, guint number)
{
  Track *track = &history->tracks[number];
  change_all (history, number, halve, 0);
  for (gsize i = 0; i < track->count; i++)
    track->gaps[i / 2] = track->gaps[i] && (i % 2 == 0 || track->gaps[i / 2]);
  track->count = (track->count + 1) / 2;
  track->piece_us *= 2;
}

static void
drop (Series *series, guint number, const Track *track, gsize dropped)
{
  float *values = series->values[number];
  if (values)
    memmove (values, values + dropped, (track->count - dropped) * sizeof *values);
}

static void
drop_first (QueuesHistory *history, guint number, gsize dropped)
{
  Track *track = &history->tracks[number];
  dropped = MIN (dropped, track->count);
  change_all (history, number, drop, dropped);
  memmove (track->gaps, track->gaps + dropped,
           (track->count - dropped) * sizeof *track->gaps);
  track->count -= dropped;
  track->first += (gint64)dropped;
}

/* What a queue was in the last sample it is until the next one, unless that is a gap. */
static void
hold (Series *series, guint number, const Track *track, gsize added)
{
  float *values = series->values[number];
  for (gsize i = track->count; values && i < track->count + added; i++)
    values[i] = track->gaps[i] || i + 1 == track->count + added ? 0 : series->size;
}

/* Up to the piece with the number `last`, which is empty when it is new. */
static void
extend (QueuesHistory *history, guint number, gint64 last, gboolean after_gap)
{
  Track *track = &history->tracks[number];
  if (last < track->first + (gint64)track->count)
    return;
  gsize added = (gsize)(last - track->first) + 1 - track->count;
  for (gsize i = 0; i < added; i++)
    track->gaps[track->count + i] = after_gap && i + 1 < added;
  change_all (history, number, hold, added);
  track->count += added;
}

static void
begin_track (QueuesHistory *history, guint number, gint64 since_us, gboolean after_gap)
{
  Track *track = &history->tracks[number];
  gint64 capacity = (gint64)capacities[number];
  while (number == WHOLE && track->count > 0 && /* it never loses its first one */
         since_us / track->piece_us - track->first >= capacity)
    halve_track (history, number);
  gint64 last = since_us / track->piece_us;
  if (track->count > 0 && last - track->first >= capacity)
    drop_first (history, number, (gsize)(last - track->first - capacity + 1));
  if (track->count == 0) /* the first one, or all that was kept is over */
    track->first = last;
  extend (history, number, last, after_gap);
}

/* The pieces of the window are the same for whoever looks, also for who comes later; those
 * of all the time begin with the first sample. */
static void
set_begin (QueuesHistory *history, gint64 at_us, gint64 wall_us)
{
  history->begin_us = history->tracks[WHOLE].begin_us = at_us;
  history->tracks[RECENT].begin_us = at_us - wall_us % history->window_us;
}

void
queues_history_begin (QueuesHistory *history, gint64 at_us, gint64 wall_us,
                      gboolean after_gap)
{
  if (history->tracks[WHOLE].count == 0)
    set_begin (history, at_us, wall_us);
  for (guint i = 0; i < TRACKS; i++)
    begin_track (history, i, at_us - history->tracks[i].begin_us, after_gap);
}

/* ---- numbers --------------------------------------------------------------------- */

static void
series_take (Series *series, const QueuesHistory *history, float size)
{
  series->named = TRUE;
  series->size = size;
  for (guint i = 0; i < TRACKS && size > 0; i++) {
    if (!series->values[i])
      series->values[i] = g_new0 (float, capacities[i]);
    float *last = &series->values[i][history->tracks[i].count - 1];
    *last = MAX (*last, size);
  }
}

void
queues_history_add (QueuesHistory *history, const char *name, double size)
{
  Series *series = name ? g_hash_table_lookup (history->queues, name) : history->whole;
  if (!series && size > 0) {
    series = g_new0 (Series, 1);
    g_hash_table_insert (history->queues, g_strdup (name), series);
  }
  if (series)
    series_take (series, history, (float)size);
}

static gboolean
was_empty (const QueuesHistory *history, const Series *series)
{
  for (gsize i = 0; i < history->tracks[RECENT].count; i++)
    if (series->values[RECENT][i] > 0)
      return FALSE;
  return TRUE;
}

/* One that Redis does not list any more is forgotten with the window: names may be made
 * up without end. */
void
queues_history_end (QueuesHistory *history)
{
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init (&iter, history->queues);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    Series *series = value;
    if (!series->named)
      series->size = 0;
    if (!series->named && was_empty (history, series))
      g_hash_table_iter_remove (&iter);
    else
      series->named = FALSE;
  }
}

/* ---- charts ---------------------------------------------------------------------- */

/* The values of a queue, or NULL: it was always empty. */
static const float *
values_of (const QueuesHistory *history, const char *name, guint number)
{
  const Series *series =
      name ? g_hash_table_lookup (history->queues, name) : history->whole;
  return series ? series->values[number] : NULL;
}

/* The highest of the pieces from `begin` on, before `end`, that are kept; NAN: all are
 * gaps. */
static double
highest (const Track *track, const float *values, gint64 begin, gint64 end)
{
  double found = NAN;
  for (gint64 piece = MAX (begin, track->first); piece < end; piece++) {
    gint64 i = piece - track->first;
    if (i < (gint64)track->count && !track->gaps[i])
      found = fmax (found, values ? (double)values[i] : 0);
  }
  return found;
}

gsize
queues_history_line (const QueuesHistory *history, const char *name, gsize columns,
                     double *values)
{
  const Track *track = &history->tracks[RECENT];
  const float *pieces = values_of (history, name, RECENT);
  if (track->count == 0)
    return 0;
  gint64 each = QUEUES_HISTORY_PIECES / (gint64)columns;
  gint64 last = (track->first + (gint64)track->count - 1) / each;
  gint64 first = MAX (last - (gint64)columns + 1, track->first / each);
  for (gint64 column = first; column <= last; column++)
    values[column - first] = highest (track, pieces, column * each, (column + 1) * each);
  return (gsize)(last - first + 1);
}

double
queues_history_lately (const QueuesHistory *history, const char *name)
{
  const Track *track = &history->tracks[RECENT];
  const float *pieces = values_of (history, name, RECENT);
  gint64 end = track->first + (gint64)track->count;
  return pieces ? fmax (highest (track, pieces, end - QUARTER, end), 0) : 0;
}

static gint64
begin_of (const QueuesHistory *history, const Track *track, gboolean whole)
{
  gint64 earliest = (history->begin_us - track->begin_us) / track->piece_us;
  gint64 last = track->first + (gint64)track->count - 1;
  gint64 over = last - (QUEUES_HISTORY_PIECES - 1);
  return whole ? track->first : MAX (over / QUARTER * QUARTER, earliest);
}

static gsize
span_of (gsize count, gboolean whole)
{
  gsize span = QUEUES_HISTORY_PIECES;
  while (whole && span < count)
    span *= 2;
  return whole ? span : RECENT_SPAN;
}

QueuesChart
queues_history_chart (const QueuesHistory *history, const char *name, gboolean whole)
{
  guint number = whole ? WHOLE : RECENT;
  const Track *track = &history->tracks[number];
  const float *pieces = values_of (history, name, number);
  gint64 begin = begin_of (history, track, whole);
  gsize count = (gsize)(track->first + (gint64)track->count - begin);
  QueuesChart chart = { .count = count, .span = span_of (count, whole) };
  chart.begin_us = track->begin_us + begin * track->piece_us;
  chart.end_us = chart.begin_us + (gint64)chart.span * track->piece_us;
  chart.values = g_new (double, MAX (count, 1));
  for (gsize i = 0; i < count; i++)
    chart.values[i] = highest (track, pieces, begin + (gint64)i, begin + (gint64)i + 1);
  return chart;
}
