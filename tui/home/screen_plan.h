/* screen_plan.h: what a run would do, step by step, and how things stand; from here it is
 * begun. */
#ifndef HANDRAIL_TUI_SCREEN_PLAN_H
#define HANDRAIL_TUI_SCREEN_PLAN_H

#include "tui/home/home.h"

/* Absolute paths. */
Screen *screen_plan_new (App *app, const Home *home, const char *runbook_file,
                         const char *site_file);

#endif
