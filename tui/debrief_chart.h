/* debrief_chart.h: the queues over a run, and where its steps ended. Pure. */
#ifndef HANDRAIL_TUI_DEBRIEF_CHART_H
#define HANDRAIL_TUI_DEBRIEF_CHART_H

#include "core/debrief/debrief.h"

/* Lines of at most `columns`; NULL when nothing was sampled. Newly allocated. */
char *debrief_chart (const Debrief *debrief, guint columns, gboolean ascii);

#endif
