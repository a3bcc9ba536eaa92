/* screen_stopped.h: an unfinished run that nobody holds: where it stands, and a way on. */
#ifndef HANDRAIL_TUI_SCREEN_STOPPED_H
#define HANDRAIL_TUI_SCREEN_STOPPED_H

#include "core/store/store.h"
#include "tui/widgets/screen.h"

/* The run is about to be gone on with: its launch is in front instead. */
typedef void (*StoppedGoesOn) (void *data, const char *folder);

/* Reads `run`, which has a state, here and never again. `scenario`: of a practice, or NULL. */
Screen *screen_stopped_new (App *app, const StoreRun *run, const char *scenario,
                            StoppedGoesOn goes_on, void *data);

#endif
