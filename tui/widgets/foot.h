/* foot.h: the last line: a message, and which keys make sense now. Pure. */
#ifndef HANDRAIL_TUI_FOOT_H
#define HANDRAIL_TUI_FOOT_H

#include "tui/widgets/screen.h"

/* `message` may be NULL: then what the screen says of itself. */
void foot_draw (Canvas *canvas, Area line, const Screen *screen, const char *message);

#endif
