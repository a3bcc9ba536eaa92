/* pen.h: how a terminal draws what comes next, told only where it changes. Pure.
 *
 * Curses says both colours at each change, all of it again when an attribute ends, and goes
 * back to the terminal's own colours after each frame: most of the bytes of a key, over a
 * slow line. A pen reads what curses has written, holds back its changes of look (SGR,
 * ECMA-48 8.3.117, and the choice of character set) until something is drawn with them, and
 * then says what differs from what the terminal has. All else passes as it is. */
#ifndef HANDRAIL_TUI_PEN_H
#define HANDRAIL_TUI_PEN_H

#include <glib.h>

typedef struct Pen Pen;

/* Knows nothing of the terminal yet. */
Pen *pen_new (void);
void pen_free (Pen *pen);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pen, pen_free)

/* Appends to `out` what does the same as `bytes`, which end with no sequence half said. */
void pen_take (Pen *pen, const char *bytes, gsize length, GString *out);

/* Appends what gives the terminal the look that was wanted last: somebody else writes now. */
void pen_settle (Pen *pen, GString *out);

/* Somebody else wrote: what the terminal has is not known any more. */
void pen_forget (Pen *pen);

#endif
