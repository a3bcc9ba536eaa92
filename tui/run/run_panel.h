/* run_panel.h: the box at the foot of a run: what is asked, what would happen, and the
 * field where it is typed; or how the run has ended. Pure. */
#ifndef HANDRAIL_TUI_RUN_PANEL_H
#define HANDRAIL_TUI_RUN_PANEL_H

#include "tui/run/run_field.h"
#include "tui/widgets/canvas.h"

typedef struct RunPanel RunPanel;

/* What stands now; NULL: nothing does. Borrows both until it is freed. */
RunPanel *run_panel_new (const RunModel *model, const RunField *field);
void run_panel_free (RunPanel *panel);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunPanel, run_panel_free)

/* Rows that it takes in `width` columns, its frame included: of `height` at most, or as many
 * more up to `height_max` as it takes to read what is to be confirmed. What matters less is
 * left out before that, and commands that do not fit stand on pages. */
int run_panel_height (RunPanel *panel, int width, int height, int height_max);

/* What the field's line is to be for the page before and after the one that it says; FALSE:
 * there are no others. */
gboolean run_panel_turns (const RunPanel *panel, guint *up, guint *down);

/* Whether the last of the commands to be confirmed, if there are any, is seen. */
gboolean run_panel_at_end (const RunPanel *panel);

/* Draws what run_panel_height() has made fit, with a frame around it. */
void run_panel_draw (const RunPanel *panel, Canvas *canvas, Area area, Role frame);

/* How the run ended, a line each: what is said on the screen and after it. NULL while it
 * goes on. Newly allocated. */
GPtrArray *run_panel_ending (const RunModel *model);

#endif
