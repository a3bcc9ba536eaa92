/* run_steps.h: the steps of a run as rows, with what runs of their services now. Pure. */
#ifndef HANDRAIL_TUI_RUN_STEPS_H
#define HANDRAIL_TUI_RUN_STEPS_H

#include "tui/run/run_model.h"
#include "tui/widgets/canvas.h"

/* One row, a line high: mark, title, count. */
void run_steps_draw (const RunModel *model, Canvas *canvas, Area line, guint index,
                     gint64 now_us);

/* "2→0" of a step that was done, "3": what runs now, "managed"; NULL: nothing to be said.
 * *stale: it was not seen lately. Newly allocated. */
char *run_steps_count (const RunModel *model, guint index, gint64 now_us,
                       gboolean *stale);

/* How old the counts are, "seen 15 s ago"; NULL: they are fresh, or there are none. Newly
 * allocated. */
char *run_steps_age (const RunModel *model, gint64 now_us);

/* Boot time at which the counts will no longer be fresh, or their age is another one; 0:
 * none are there. */
gint64 run_steps_stale_us (const RunModel *model, gint64 now_us);

/* "done", "skipped", "failed"… as the list marks it. */
Mark run_steps_mark (const RunState *state, guint index);
Role run_steps_role (const RunState *state, guint index);

#endif
