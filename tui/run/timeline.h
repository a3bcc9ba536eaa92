/* timeline.h: the run so far as rows: when, how long, what. Pure.
 *
 * Events of a step stand under its head row, and can be folded away. */
#ifndef HANDRAIL_TUI_TIMELINE_H
#define HANDRAIL_TUI_TIMELINE_H

#include "tui/run/run_model.h"
#include "tui/widgets/canvas.h"

#define TIMELINE_NONE G_MAXUINT

typedef struct {
  guint head; /* row of the step it belongs to, itself for a head; or TIMELINE_NONE */
  gboolean folded; /* of a head */
  guint under;     /* of a head: rows that belong to it */
  gint64 wall_us;
  gint64 took_us; /* the step (time of the procedure), the wait for an answer (of the clock); -1:
                     nothing to say */
  Mark mark;
  Role role;
  char *text; /* printable */
} TimelineRow;

typedef struct Timeline Timeline;
Timeline *timeline_new (const RunModel *model);
void timeline_free (Timeline *timeline);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Timeline, timeline_free)

/* Takes in what has happened since; TRUE if there are more rows now. */
gboolean timeline_update (Timeline *timeline);

/* All rows, folded away or not. */
guint timeline_count (const Timeline *timeline);
const TimelineRow *timeline_row (const Timeline *timeline, guint row);

/* The rows that are to be seen, in order. */
guint timeline_count_seen (const Timeline *timeline);
guint timeline_seen (const Timeline *timeline, guint position);
/* Where that row stands among them; its head, where it is folded away. */
guint timeline_position (const Timeline *timeline, guint row);

void timeline_fold (Timeline *timeline, guint head, gboolean folded);
void timeline_fold_all (Timeline *timeline, gboolean folded);
gboolean timeline_is_folded (const Timeline *timeline); /* every step is */

/* The next row with `text` after `row` (before it, if `backwards`), folded away or not, in
 * any case; TIMELINE_NONE: none. */
guint timeline_find (const Timeline *timeline, guint row, gboolean backwards,
                     const char *text);

/* When the run began and what happened last; FALSE: nothing has. */
gboolean timeline_span (const Timeline *timeline, gint64 *began_us, gint64 *last_us);

#endif
