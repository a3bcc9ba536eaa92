/* timeline_parts.h: what the files of the time line share. */
#ifndef HANDRAIL_TUI_TIMELINE_PARTS_H
#define HANDRAIL_TUI_TIMELINE_PARTS_H

#include "tui/run/timeline.h"

struct Timeline {
  const RunModel *model;
  GArray *rows; /* TimelineRow */
  GArray *seen; /* guint */
  guint events; /* taken in */
  guint head;   /* of the step that events belong to now, or TIMELINE_NONE */
  guint number; /* of that step, from 1 */
  guint asked;  /* row of the question that stands, or TIMELINE_NONE */
  gint64 began_us, last_us;
};

/* Good until the next one is added. */
TimelineRow *timeline_row_at (const Timeline *timeline, guint row);

/* A row of the step at hand, or of none. Takes over `text`. */
TimelineRow *timeline_add (Timeline *timeline, const Event *event, Mark mark, Role role,
                           char *text);

/* A row that those to come belong to. Takes over `text`. */
void timeline_add_head (Timeline *timeline, const Event *event, Mark mark, Role role,
                        char *text);

#endif
