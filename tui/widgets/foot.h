/* foot.h: the last line: a message, and which keys make sense now. Pure.
 *
 * A message that does not fit into the line takes more of them while it stands. */
#ifndef HANDRAIL_TUI_FOOT_H
#define HANDRAIL_TUI_FOOT_H

#include "tui/widgets/screen.h"

/* Takes the lines of the foot from the bottom of `area`; the screen has the rest. Nothing is
 * drawn yet. `message` may be NULL, here and below. */
Area foot_take (Canvas *canvas, Area *area, const char *message);

/* The message, or what the screen says of itself: after the screen has been drawn. */
void foot_draw (Canvas *canvas, Area lines, const Screen *screen, const char *message);

#endif
