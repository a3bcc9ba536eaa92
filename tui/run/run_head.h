/* run_head.h: the head line of a run: what, where, and since when. Pure. */
#ifndef HANDRAIL_TUI_RUN_HEAD_H
#define HANDRAIL_TUI_RUN_HEAD_H

#include "tui/run/run_model.h"
#include "tui/widgets/head.h"

void run_head_draw (const RunModel *model, Canvas *canvas, Area line, gint64 wall_us);

HeadStake run_head_stake (const RunModel *model);

/* Lines between parts: red on a production site. */
Role run_head_frame (const RunModel *model);

/* "prod · kubernetes prod-eks/tines"; newly allocated. */
char *run_head_target (const RunModel *model);

/* Wall time at which it shows something else. */
gint64 run_head_wake_us (const RunModel *model, gint64 wall_us);

#endif
