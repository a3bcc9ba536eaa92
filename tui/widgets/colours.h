/* colours.h: colours as numbers: how well they are read, and the nearest that there is. Pure. */
#ifndef HANDRAIL_TUI_COLOURS_H
#define HANDRAIL_TUI_COLOURS_H

#include "tui/widgets/theme.h"

/* Contrast of two colours 0xRRGGBB, 1 to 21 (WCAG 2.1, relative luminance). */
double colour_contrast (gint32 one, gint32 other);

/* What a foreground or background stands for where the terminal's own is not known. */
gint32 colour_assume (gint32 colour, gboolean dark, gboolean foreground);

/* The colour that a terminal of 256 shows for a number: xterm's palette. */
gint32 colour_of_256 (guint number);

/* The nearest of a terminal's `colours` (8, 16, 256) to 0xRRGGBB, as its number there. Of
 * 256 the first 16 are not used: what they look like is the operator's own choice. */
guint colour_nearest (gint32 colour, guint colours);

/* `colour`, made lighter or darker until it can be read on `background`. */
gint32 colour_readable (gint32 colour, gint32 background);

/* A look in a terminal's numbers: `colours` is 0 (none), 8, 16, 256 or more (0xRRGGBB as it
 * is). What would become too alike in few colours is told apart by attributes. `text` is
 * the look of ROLE_TEXT. */
Look colour_fit (Look look, Look text, gboolean dark, guint colours);

#endif
