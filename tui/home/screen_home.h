/* screen_home.h: what there is to be done, and a way into each of it. */
#ifndef HANDRAIL_TUI_SCREEN_HOME_H
#define HANDRAIL_TUI_SCREEN_HOME_H

#include "tui/home/home.h"

Screen *screen_home_new (App *app, const Home *home);

#endif
