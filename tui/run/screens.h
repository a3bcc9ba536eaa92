/* screens.h: the screens that are opened over a run, each by a key of its own.
 *
 * All share the model of the run screen, which outlives them; app_push() takes them over.
 * What the model is told while one of them is in front makes the loop draw it anew. */
#ifndef HANDRAIL_TUI_SCREENS_H
#define HANDRAIL_TUI_SCREENS_H

#include "tui/run/run_model.h"
#include "tui/widgets/screen.h"

Screen *screen_output_new (App *app, RunModel *model);   /* what commands print */
Screen *screen_logs_new (App *app, RunModel *model);     /* a service's last log lines */
Screen *screen_timeline_new (App *app, RunModel *model); /* the run so far */
Screen *screen_way_back_new (App *app,
                             RunModel *model);         /* the exact undo plan from here */
Screen *screen_people_new (App *app, RunModel *model); /* viewers and controls */

#endif
