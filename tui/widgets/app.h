/* app.h: the loop of the full screen: terminal, screens, and what comes from outside. */
#ifndef HANDRAIL_TUI_APP_H
#define HANDRAIL_TUI_APP_H

#include "tui/widgets/screen.h"

/* Smaller ones are told so instead of being drawn. */
#define APP_WIDTH_MIN 60
#define APP_HEIGHT_MIN 18

typedef struct {
  const char *theme; /* its name; NULL: the one that is configured (theming.h) */
  gboolean ascii;
  const char *remark; /* said first, unless the theme is to be spoken of; or NULL */
} AppOptions;

/* Runs the default main context with what `first` makes in front, until it is over; gives
 * the exit status: that of app_leave(), 0 when the last screen is popped, 1 after a hang-up,
 * and what the screen says (`leaves`) after a signal to end. -1 with `error` where there is no terminal for it; then `first` has
 * not been called.
 *
 * In tests HANDRAIL_IDLE_FD is the number of a descriptor that gets a NUL byte whenever
 * all that has come is dealt with and drawn, before the loop waits. */
typedef Screen *(*AppFirst) (App *app, void *data);
int app_run (const AppOptions *options, AppFirst first, void *data, GError **error);

#endif
