/* way_back.h: what it would take to undo the run from here, the last change first. Pure.
 *
 * Made of what was done (the run's events) and, where runbook, site and deployment are
 * known, of what each undo would come to now. Nothing here carries anything out. */
#ifndef HANDRAIL_TUI_WAY_BACK_H
#define HANDRAIL_TUI_WAY_BACK_H

#include "tui/run/run_model.h"

typedef enum {
  WAY_BACK_COMMANDS, /* the exact commands */
  WAY_BACK_BY_HAND,  /* something that is not ours: what a person has to do */
  WAY_BACK_WORDS,    /* there is a way, and the exact commands are not known now */
  WAY_BACK_NOTHING,  /* it is back already, or nothing needs to be taken back */
  WAY_BACK_NONE,     /* a point of no return */
} WayBackKind;

typedef struct {
  WayBackKind kind;
  guint number;     /* of the step, from 1 */
  char *title;      /* of the step */
  char *done;       /* what was done: "web: 2 → 0", or NULL */
  char *text;       /* what the way back is: "web: 0 → 2", or why it is not known */
  GStrv commands;   /* as they would be typed, a folder to go to first among them */
  gboolean partly;  /* it was not carried out to its end */
  gboolean running; /* its command runs now */
} WayBack;

/* WayBack *, the last change first; empty: nothing has been changed. Newly allocated. */
GPtrArray *way_back_of (const RunModel *model);

#endif
