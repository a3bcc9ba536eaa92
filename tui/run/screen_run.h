/* screen_run.h: the run: where it is, what is true, what is asked, what would happen. */
#ifndef HANDRAIL_TUI_SCREEN_RUN_H
#define HANDRAIL_TUI_SCREEN_RUN_H

#include "tui/run/run_model.h"
#include "tui/widgets/screen.h"

/* Who opened it and holds the connection. */
typedef struct {
  /* The operator is done with it: detached, or it is over and was read to its end. */
  void (*leave) (void *data, int status);
  void (*freed) (void *data); /* the screen is gone, and needs the model no more */
} ScreenRunOwner;

/* `model` is borrowed until `freed`. */
Screen *screen_run_new (App *app, RunModel *model, const ScreenRunOwner *owner,
                        void *data);

/* A message has been told to the model. */
void screen_run_hear (Screen *screen);
/* All that came at once has been told: `news`: something of it is to be drawn. */
void screen_run_settle (Screen *screen, gboolean news);

#endif
