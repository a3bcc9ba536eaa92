/* logs.h: the commands that show the last log lines of the run's services. Pure. */
#ifndef HANDRAIL_TUI_LOGS_H
#define HANDRAIL_TUI_LOGS_H

#include "tui/run/run_model.h"

typedef struct {
  char *service; /* the procedure's name; NULL: not known */
  GStrv argv;
  char *directory;  /* to run it in, or NULL */
  char *text;       /* the command as it would be typed */
  gboolean at_hand; /* the step at hand is about this service */
  gboolean ours;    /* put together here, by the site file: may be run without a look */
} LogOf;

/* LogOf *, those of the step at hand first. Where site or deployment are not known yet, what
 * the question that stands has for it; empty: nothing is known. Newly allocated. */
GPtrArray *logs_of (const RunModel *model);

#endif
