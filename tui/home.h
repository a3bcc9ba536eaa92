/* home.h: what the screens from home on share. */
#ifndef HANDRAIL_TUI_HOME_H
#define HANDRAIL_TUI_HOME_H

#include "tui/find.h"
#include "tui/screen.h"

/* Owned by whoever runs the loop; outlives its screens. */
typedef struct {
  char *root;      /* where runs are kept */
  gboolean shared; /* with everybody on this host */
  FindPlaces *places;
  /* Takes part in the run in `folder`; of one that is resumed, what happened before is told
   * briefly. */
  void (*join) (App *app, const char *folder, gboolean resumed, void *data);
  void *data;
} Home;

#endif
