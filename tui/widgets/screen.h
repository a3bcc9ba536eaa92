/* screen.h: what a screen is. One file each holds one constant record.
 *
 * A screen is an object that draws itself into a canvas and takes actions. Screens are
 * stacked: the one in front draws and hears. The loop is app.c; screens call nothing of
 * curses and do not wait. */
#ifndef HANDRAIL_TUI_SCREEN_H
#define HANDRAIL_TUI_SCREEN_H

#include "tui/widgets/canvas.h"
#include "tui/widgets/keys.h"

typedef struct App App;
typedef struct Screen Screen;

typedef struct {
  const char *name; /* "home" */
  guint where;      /* KeysWhere: the bindings that hold here */
  void (*free) (Screen *screen);
  /* Draws all of it into `area`; the canvas is clear. The foot is not among it: the loop
   * draws messages and hints there, in a line, or two or three while a message is long. */
  void (*draw) (Screen *screen, Canvas *canvas, Area area);
  /* What the key does; ACTION_NONE: text, or pasted text. FALSE: not taken, then the loop
   * does what it can: help, back, redraw, suspend. */
  gboolean (*act) (Screen *screen, KeyAction action, const Key *key);
  /* Whether keys are text now (a field has them): only Escape, Enter and the like act. */
  gboolean (*types) (const Screen *screen); /* or NULL: never */
  const char *escape; /* the hint of Esc while keys are text; NULL: "back" */
  /* Boot time at which to draw again though nothing has come, 0: none. Asked after each
   * drawing. */
  gint64 (*wake_us) (const Screen *screen, gint64 now_us); /* or NULL */
  /* The bindings of key_bindings[] that make sense now, for hints and help. */
  gboolean (*offers) (const Screen *screen, KeyAction action); /* or NULL: all */
  /* What stands at the foot while there is no message: what is waited for. Newly
   * allocated, or NULL. */
  char *(*status) (const Screen *screen); /* or NULL */
  /* The exit status when it is left by ^C or told to end (SIGINT, SIGTERM). Asked also
   * behind another screen. */
  int (*leaves) (const Screen *screen); /* or NULL: 1 */
} ScreenKind;

struct Screen { /* the first member of each screen's own struct */
  const ScreenKind *kind;
  App *app;
};

/* ---- what a screen may ask of the loop ------------------------------------------ */

void app_push (App *app, Screen *screen); /* takes it over; it is in front now */
void
app_pop (App *app); /* frees the one in front, on the way out; the last one: leaves */
void app_draw (App *app);                   /* something has changed: draw, once a turn */
void app_leave (App *app, int status);      /* ends the loop with that exit status */
void app_say (App *app, const char *text);  /* a passing message at the foot */
void app_copy (App *app, const char *text); /* to the clipboard, and says so */
void app_bell (App *app);
/* Draws, and forgets the keys that had come before that stood there: for questions. */
void app_forget_keys (App *app);
void app_set_title (App *app, const char *title);
gint64 app_now_us (const App *app); /* boot time */
gint64 app_wall_us (const App *app);

/* Whether the binding is offered by the screen now. */
gboolean screen_offers (const Screen *screen, const KeyBinding *binding);

#endif
