/* screen_run_parts.h: what the files of the run screen share: screen_run.c draws it,
 * screen_run_hear.c takes in what comes, screen_run_act.c does what keys say. */
#ifndef HANDRAIL_TUI_SCREEN_RUN_PARTS_H
#define HANDRAIL_TUI_SCREEN_RUN_PARTS_H

#include "tui/queues/queues_panel.h"
#include "tui/run/run_field.h"
#include "tui/run/screen_run.h"
#include "tui/widgets/list.h"

typedef struct {
  Screen screen;
  RunModel *model;
  const ScreenRunOwner *owner;
  void *owner_data;
  List *list;
  gboolean browsing; /* another step than the one at hand is looked at */
  gboolean left;     /* by Esc, at the question that stands: letters are keys */
  RunField field;
  gboolean turns; /* commands in the box stand on pages, as it was drawn last */
  guint turn_up, turn_down; /* the lines with which the others are opened */
  guint field_step;   /* at hand when an answer was begun */
  guint asked;        /* number of the question that stood last; 0: none */
  gboolean ours;      /* the controls were ours then */
  gint64 attended_us; /* the last key, or when a question went */
  gint64 typed_us;    /* the last key that the field had */
  gint64 mute_us;     /* until then, and while nobody pauses, keys are none: see below */
  gboolean entered;   /* the last key that the field had was Enter */
  gboolean covered;   /* another screen was opened over it, and it was not drawn since */
  gboolean told_over;
  QueuesPanel *queues;       /* or NULL */
  gint64 window_us, at_most; /* that it is for */
  gint64 queues_us;          /* when the last reading that it took began */
  char *title;               /* of the window */
} RunScreen;

/* When the field goes by itself under somebody's hands, what is typed on is no key, until
 * there is a pause like this, but not for longer than that. Whose Enter has ended the run
 * types on no more. */
#define SCREEN_RUN_PAUSE_US G_USEC_PER_SEC
#define SCREEN_RUN_MUTE_US (4 * G_USEC_PER_SEC)

/* ---- screen_run_hear.c ------------------------------------------------------ */

/* Opens the field for an answer to what stands. */
void screen_run_open_answer (RunScreen *run);

/* The field of a question that stands is back after another one was used; left, if it was
 * left before. */
void screen_run_return (RunScreen *run);

/* ---- screen_run_act.c ------------------------------------------------------- */

/* As ScreenKind has them. */
gboolean screen_run_act (Screen *screen, KeyAction action, const Key *key);
gboolean screen_run_types (const Screen *screen);
gboolean screen_run_offers (const Screen *screen, KeyAction action);

#endif
