/* screen_launch.h: beginning a run, or going on with one: what is asked before, and why it
 * is refused. */
#ifndef HANDRAIL_TUI_SCREEN_LAUNCH_H
#define HANDRAIL_TUI_SCREEN_LAUNCH_H

#include "tui/home/home.h"
#include "tui/launch.h"
#include "tui/widgets/head.h"

/* Copies the head; takes over `launch`. When the run is there, that is in front
 * instead. */
Screen *screen_launch_new (App *app, const Head *head, Launch *launch);

#endif
