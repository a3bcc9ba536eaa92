/* pane.h: what the screens over a run have in common. Pure.
 *
 * Each has the same head: what it is and of which site, a line about it, a line between.
 * At its foot stands what the run asks meanwhile, so that nobody misses it here. */
#ifndef HANDRAIL_TUI_PANE_H
#define HANDRAIL_TUI_PANE_H

#include "tui/run/run_model.h"
#include "tui/widgets/input.h"
#include "tui/widgets/screen.h"

typedef struct {
  const char *title;
  const char *about; /* the second line, or NULL */
  Role about_role;
  const char *now; /* at its right end: how it stands; or NULL */
  Role now_role;
} PaneHead;

/* Takes the head off the top of `area`, and off its bottom what the run asks. */
void pane_draw (const RunModel *model, Canvas *canvas, Area *area, const PaneHead *head);

/* A sentence in place of what there would be to show. */
void pane_draw_nothing (Canvas *canvas, Area area, const char *sentence);

/* ---- a field to search by ---------------------------------------------------- */

typedef struct {
  Input *input; /* NULL: not open */
} PaneSearch;

void pane_search_open (PaneSearch *search);
void pane_search_close (PaneSearch *search);

/* A key while it is open; Enter and Esc close it. Gives what to search for, newly
 * allocated; NULL: not yet, or never mind. */
char *pane_search_key (PaneSearch *search, App *app, KeyAction action, const Key *key);

/* Takes its line off the bottom of `area` while it is open. */
void pane_search_draw (PaneSearch *search, Canvas *canvas, Area *area);

/* ---- words ------------------------------------------------------------------- */

/* "12:04:31" in the time zone of this host. Newly allocated. */
char *pane_time (gint64 wall_us);
/* What that zone is called then, "CET": said once where times of an earlier hour are. */
char *pane_zone (gint64 wall_us);

#endif
