/* queues_verdict.h: what the queues panel says of states, below its table. Pure. */
#ifndef HANDRAIL_TUI_QUEUES_VERDICT_H
#define HANDRAIL_TUI_QUEUES_VERDICT_H

#include "tui/queues/queues_panel_parts.h"

/* How a state is shown: its word in the table, and mark and role wherever. */
typedef struct {
  const char *word; /* "" for what is not known yet */
  Role role;
  Mark mark;
} QueuesState;

QueuesState queues_verdict_state (QueuesVerdict verdict);
QueuesState queues_verdict_state_of_row (const QueuesRow *row);

/* Who works, and what waits elsewhere: one line, each in its place. */
void queues_verdict_draw_workers (const QueuesPanel *panel, Canvas *canvas, Area line,
                                  Role role);

/* The verdict, or why there is none, in the panel's words: its lines in this area, and
 * drawn into them. */
int queues_verdict_lines (const QueuesPanel *panel, Canvas *canvas, Area area,
                          gint64 now_us);
void queues_verdict_draw (const QueuesPanel *panel, Canvas *canvas, Area area,
                          gint64 now_us);

/* How long the queues have not been seen: a line, where why stands elsewhere. */
void queues_verdict_draw_age (const QueuesPanel *panel, Canvas *canvas, Area line,
                              gint64 now_us);

#endif
