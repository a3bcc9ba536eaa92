/* queues_panel.h: job queues as a table with a line of bars each. Pure.
 *
 *    queue         size   oldest   last 2 min           trend
 *    default        412    12.3s   ▇▇▆▆▅▅▄▄▃▃▂▂▁▁     -3.1/s
 *    6 empty          0        -
 *    all            432            ▇▇▆▆▅▅▄▄▃▃▂▂▁▁     -3.2/s
 *    3 workers, 45 of 75 busy, retry 12, scheduled 340
 *
 *    shrinking: near zero in about 2m15s (1m50s to 2m50s)
 *
 * Columns keep their places whatever the numbers. Used by the run screen and by the screen
 * of `handrail queues`. */
#ifndef HANDRAIL_TUI_QUEUES_PANEL_H
#define HANDRAIL_TUI_QUEUES_PANEL_H

#include "core/run/reading.h"
#include "tui/widgets/canvas.h"
#include "tui/widgets/keys.h"

typedef struct QueuesPanel QueuesPanel;

QueuesPanel *queues_panel_new (gint64 window_us, guint64 at_most);
void queues_panel_free (QueuesPanel *panel);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QueuesPanel, queues_panel_free)

/* Procedure time per machine time; before the first reading. Windows, slopes and ages are
 * of the procedure; times that are passed in and given back are the machine's. */
void queues_panel_set_speed (QueuesPanel *panel, gint64 speed);

/* A REQUEST_QUEUES reading, failed ones too. */
void queues_panel_take (QueuesPanel *panel, const Reading *reading);
/* One that another follows at once: it is remembered, and nothing is judged yet. */
void queues_panel_take_past (QueuesPanel *panel, const Reading *reading);
gboolean queues_panel_is_empty (const QueuesPanel *panel); /* no reading yet */

/* Whether the queues are near zero at `now_us`, boot time as everywhere here. */
gboolean queues_panel_passes (const QueuesPanel *panel, gint64 now_us);

/* Whether `now_us` shows something else than the last drawing did (a reading that has
 * become old), and when it will: boot time, 0: not by itself. */
gint64 queues_panel_wake_us (const QueuesPanel *panel, gint64 now_us);

/* Moves the selected queue, or changes the time of the chart (ACTION_WIDER); FALSE if the
 * action is none of it. */
gboolean queues_panel_act (QueuesPanel *panel, KeyAction action);

typedef enum {
  QUEUES_PANEL_SELECTS = 1 << 0, /* the selected queue is shown as such */
  QUEUES_PANEL_TOLD = 1 << 1,    /* the verdict, or why there is none, stands elsewhere */
} QueuesPanelFlags;

/* Draws the table; returns the lines used. What does not fit is counted ("and 14 more").
 * `flags`: QueuesPanelFlags, or'ed. */
int queues_panel_draw (QueuesPanel *panel, Canvas *canvas, Area area, guint flags,
                       gint64 now_us);

/* The chosen queue (all together, when that line is chosen) over the whole time watched. */
void queues_panel_draw_chart (QueuesPanel *panel, Canvas *canvas, Area area);

#endif
