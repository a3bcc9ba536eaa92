/* queues_history.h: how many jobs were queued over time, in a bounded memory. Pure.
 *
 * Times are cut into pieces, of which the highest number is kept, since what was high for
 * a moment was high. The last window is kept in QUEUES_HISTORY_PIECES of it, all the time
 * watched in pieces that become twice as long whenever there are too many. Pieces begin at
 * multiples of their length, those of the window on the clock and those of all the time
 * since the first sample, so that a chart moves on by whole pieces and its bars keep their
 * heights. */
#ifndef HANDRAIL_TUI_QUEUES_HISTORY_H
#define HANDRAIL_TUI_QUEUES_HISTORY_H

#include <glib.h>

/* Of a window; lines of bars have a divisor of it as their columns. */
#define QUEUES_HISTORY_PIECES 60

typedef struct QueuesHistory QueuesHistory;

QueuesHistory *queues_history_new (gint64 window_us);
void queues_history_free (QueuesHistory *history);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QueuesHistory, queues_history_free)

/* A sample: its time (never before the last one's) and what the clock on the wall showed,
 * then each queue in it; `name` NULL:
 * all together. Those that are not named are empty. `after_gap`: nothing is known of the
 * time since the sample before. */
void queues_history_begin (QueuesHistory *history, gint64 at_us, gint64 wall_us,
                           gboolean after_gap);
void queues_history_add (QueuesHistory *history, const char *name, double size);
void queues_history_end (QueuesHistory *history);

/* The last window as a line of bars, the oldest first, NAN: a gap. Returns how many of
 * `columns` there are already. */
gsize queues_history_line (const QueuesHistory *history, const char *name, gsize columns,
                           double *values);

/* The most that was in the queue in the last quarter of the window; 0: nothing. */
double queues_history_lately (const QueuesHistory *history, const char *name);

typedef struct {
  gint64 begin_us, end_us; /* of the axis, which stays as it is for a while */
  gsize count;             /* values up to now */
  gsize span;              /* values that the axis has room for */
  double *values;          /* as above; owned by whoever asked */
} QueuesChart;

/* `whole`: all the time watched; else about the last window. */
QueuesChart queues_history_chart (const QueuesHistory *history, const char *name,
                                  gboolean whole);

#endif
