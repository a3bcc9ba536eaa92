/* home.h: what the screens from home on share. */
#ifndef HANDRAIL_TUI_HOME_H
#define HANDRAIL_TUI_HOME_H

#include "tui/find.h"
#include "tui/widgets/screen.h"

/* Owned by whoever runs the loop; outlives its screens. */
typedef struct {
  char *root;      /* where runs are kept */
  gboolean shared; /* with everybody on this host */
  FindPlaces *places;
} Home;

/* Takes part in the run in `folder`, on a screen in front; says so where nobody answers. */
void home_join (App *app, const char *folder);

#endif
