/* run_io.h: a run on the full screen: the connection, the model and the loop put together. */
#ifndef HANDRAIL_TUI_RUN_IO_H
#define HANDRAIL_TUI_RUN_IO_H

#include "tui/widgets/app.h"

/* Takes part in the run in `folder`; returns the exit status, having said on standard
 * output how it ended. -1 with `error` where nobody answers there, or there is no terminal
 * for it (TERMINAL_ERROR); then nothing was said to the run. */
int run_io_join (const char *folder, const AppOptions *options, GError **error);

/* The same as a screen over others, for app_push(); leaving it goes back to them. NULL with
 * `error` where nobody answers. */
Screen *run_io_screen (App *app, const char *folder, GError **error);

#endif
