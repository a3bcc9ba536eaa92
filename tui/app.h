/* app.h: the loop of the full screen: terminal, screens, and what comes from outside. */
#ifndef HANDRAIL_TUI_APP_H
#define HANDRAIL_TUI_APP_H

#include "tui/screen.h"

/* Runs with `first` in front (taken over) until it is over; returns the exit status. -1 with
 * `error` where there is no terminal for it. `theme`: its name, NULL: the configured one. */
typedef Screen *(*AppFirst) (App *app, void *data);
int app_run (AppFirst first, void *data, const char *theme, gboolean ascii,
             GError **error);

#endif
