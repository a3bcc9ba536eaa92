/* screen_help.h: the keys of a screen, made from the table of keys. */
#ifndef HANDRAIL_TUI_SCREEN_HELP_H
#define HANDRAIL_TUI_SCREEN_HELP_H

#include "tui/widgets/screen.h"

/* For the screen in front, which has to outlive it. */
Screen *screen_help_new (App *app, const Screen *of);

#endif
