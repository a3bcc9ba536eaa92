/* pager_line.h: a line that a program has printed: its text, and the colours it gave it. Pure.
 *
 * Of its escape sequences only SGR is carried out (ECMA-48, 8.3.117): colour of the text,
 * bold, faint, underlined, reversed. All others are left out, and so is what a terminal
 * would obey. A carriage return begins the line anew, as progress bars want it. */
#ifndef HANDRAIL_TUI_PAGER_LINE_H
#define HANDRAIL_TUI_PAGER_LINE_H

#include "tui/widgets/canvas.h"

/* From `begin` on, until the next one. */
typedef struct {
  guint begin;
  guint8 attributes; /* LookAttributes */
  gint16 colour;     /* one of 256, or -1 */
} PagerStyle;

typedef struct {
  GString *text;  /* printable, valid UTF-8 */
  GArray *styles; /* PagerStyle; the first begins at 0 */
  GArray *rows;   /* guint: where each row of the broken line begins; at least one */
} PagerLine;

PagerLine *pager_line_new (void);
void pager_line_free (PagerLine *line);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PagerLine, pager_line_free)

/* Takes the bytes of a line, its line feed or not, to be shown `width` columns wide. */
void pager_line_read (PagerLine *line, const char *bytes, gsize length, int width);

#endif
