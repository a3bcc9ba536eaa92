/* queues_lines.h: what is said of job queues, a line a sample, as text or JSON. Pure.
 *
 *   08:12:02Z  total 212     2 workers, 14 of 20 busy    +1.20/s  growing: …; growing: …
 *   08:12:04Z  ~ stale: Redis at … refuses the connection; …
 *
 * The JSON is the sample's own, with "verdict", "slope_per_s", "eta_s" and "passes" in it
 * and in each of its queues; of a failed look {"at", "verdict":"stale", "error", …}. */
#ifndef HANDRAIL_TUI_QUEUES_LINES_H
#define HANDRAIL_TUI_QUEUES_LINES_H

#include "core/checks/queues_sample.h"

typedef struct {
  gint64 window_us;
  guint64 at_most;
  gboolean json;
  gboolean ascii; /* JSON in ASCII alone, whatever is in a name */
} QueuesLinesOptions;

typedef struct QueuesLines QueuesLines;

QueuesLines *queues_lines_new (const QueuesLinesOptions *options);
void queues_lines_free (QueuesLines *lines);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QueuesLines, queues_lines_free)

/* What is printed before the first sample of a site: which Redis, and what near zero
 * means. Empty with JSON. */
char *queues_lines_header (const QueuesLines *lines, const char *site,
                           const char *redis_address, gint64 interval_us);

/* The sample's line, with its line feed. sample->at_s is on the axis that is judged on,
 * `shown_s` is what the line says. Writes into sample->json. NULL with `error`, nothing
 * taken, where the sample is older than the last. */
char *queues_lines_sample (QueuesLines *lines, QueuesSample *sample, double shown_s,
                           GError **error);

/* The line of a look that failed. */
char *queues_lines_failed (QueuesLines *lines, double shown_s, const char *reason);

/* Whether the queues are near zero at `now_s`, on the axis that is judged on, and the last
 * look did not fail. */
gboolean queues_lines_passes (const QueuesLines *lines, double now_s);

#endif
