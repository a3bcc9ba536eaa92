/* screen.h: what a screen is. One file each holds one constant record.
 *
 * A screen is an object that draws itself into a canvas and takes actions. Screens are
 * stacked: the one in front draws and hears. The loop is app.c; screens call nothing of
 * curses and do not wait. */
#ifndef HANDRAIL_TUI_SCREEN_H
#define HANDRAIL_TUI_SCREEN_H

#include "tui/canvas.h"
#include "tui/keys.h"

typedef struct App App;
typedef struct Screen Screen;

typedef struct {
  const char *name;  /* "home" */
  guint where;       /* KeysWhere: the bindings that hold here */
  void (*free) (Screen *screen);
  /* Draws all of it; the canvas is clear. */
  void (*draw) (Screen *screen, Canvas *canvas);
  /* What the key does. FALSE: not taken; `key` itself is given for text that is typed. */
  gboolean (*act) (Screen *screen, KeyAction action, const Key *key);
  /* Whether keys are text now (a field has them): only Escape, Enter and the like act. */
  gboolean (*types) (const Screen *screen); /* or NULL: never */
  /* Boot time at which to draw again though nothing has come, 0: none. */
  gint64 (*wake_us) (const Screen *screen, gint64 now_us); /* or NULL */
  /* The bindings of key_bindings[] that make sense now, for the hints; or NULL: all. */
  gboolean (*offers) (const Screen *screen, KeyAction action);
} ScreenKind;

struct Screen { /* the first member of each screen's own struct */
  const ScreenKind *kind;
  App *app;
};

/* ---- what a screen may ask of the loop ------------------------------------------ */

void app_push (App *app, Screen *screen);  /* takes it over; it is in front now */
void app_pop (App *app);                   /* frees the one in front, on the way out */
void app_draw (App *app);                  /* something has changed: draw, once a turn */
void app_leave (App *app, int status);     /* ends the loop with that exit status */
void app_say (App *app, const char *text); /* a passing message at the foot */
void app_copy (App *app, const char *text);
void app_bell (App *app);
void app_forget_keys (App *app);
void app_set_title (App *app, const char *title);
gint64 app_now_us (const App *app);        /* boot time */
gint64 app_wall_us (const App *app);

#endif
