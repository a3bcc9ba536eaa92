/* run_step.h: the step at hand in full: what it is, and what is true now. Pure. */
#ifndef HANDRAIL_TUI_RUN_STEP_H
#define HANDRAIL_TUI_RUN_STEP_H

#include "tui/queues/queues_panel.h"
#include "tui/run/run_model.h"

/* Something is being waited for, so that seconds are shown. */
gboolean run_step_is_waiting (const RunModel *model);

/* The step at hand; `queues` may be NULL: none of its checks is about job queues. */
void run_step_draw (const RunModel *model, QueuesPanel *queues, Canvas *canvas, Area area,
                    gint64 now_us);

/* Another one, at which the operator looks meanwhile. */
void run_step_draw_other (const RunModel *model, guint index, Canvas *canvas, Area area);

/* Why the step is there: said when it began; NULL: nothing was said. */
const char *run_step_why (const RunModel *model, guint index);

#endif
