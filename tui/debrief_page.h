/* debrief_page.h: what the parts of the debrief's text share. */
#ifndef HANDRAIL_TUI_DEBRIEF_PAGE_H
#define HANDRAIL_TUI_DEBRIEF_PAGE_H

#include "tui/debrief.h"

typedef struct {
  const Debrief *debrief;
  GString *out;
  guint columns;
} DebriefPage;

/* One line, broken where it is too long; what follows is indented by `indent`. */
void debrief_page_add (DebriefPage *page, guint indent, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
void debrief_page_heading (DebriefPage *page, const char *heading);

/* Newly allocated: "12m30s"; the time of day here; "at 3m10s, in stop-web" (`step` may be
 * NULL). */
char *debrief_page_duration (gint64 us);
char *debrief_page_clock (gint64 wall_us);
char *debrief_page_when (DebriefTime at, const char *step);

/* What was asked and said, and what the deployment told (debrief_told.c). */
void debrief_page_questions (DebriefPage *page);
void debrief_page_notes (DebriefPage *page);
void debrief_page_happenings (DebriefPage *page);
void debrief_page_jobs (DebriefPage *page);

#endif
