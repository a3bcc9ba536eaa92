/* screen_text.h: a text to be read: scrolled, searched. */
#ifndef HANDRAIL_TUI_SCREEN_TEXT_H
#define HANDRAIL_TUI_SCREEN_TEXT_H

#include "tui/widgets/head.h"
#include "tui/widgets/screen.h"

/* Copies the head; takes over `text`. */
Screen *screen_text_new (App *app, const Head *head, char *text);

#endif
