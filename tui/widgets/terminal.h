/* terminal.h: the terminal: shows a canvas, gives keys; the one adapter of curses.
 *
 * Whatever happens (an error, a crash, a signal, ^Z) the terminal is left as it was found. */
#ifndef HANDRAIL_TUI_TERMINAL_H
#define HANDRAIL_TUI_TERMINAL_H

#include "tui/widgets/canvas.h"
#include "tui/widgets/keys.h"

typedef enum {
  TERMINAL_ERROR_NONE, /* no terminal, or one that cannot place its cursor */
} TerminalError;
#define TERMINAL_ERROR (terminal_error_quark ())
GQuark terminal_error_quark (void);

typedef struct Terminal Terminal;

/* What the terminal would be drawn with. */
typedef struct {
  int width, height; /* 0: it does not say */
  guint colours;     /* 0: none, or none wanted (NO_COLOR) */
  gboolean ascii;
  char *remark;      /* it is drawn as another one, and why; NULL: it is not. The caller's */
} TerminalLook;

/* Finds that without taking the terminal over, and while it is not. FALSE: the full screen
 * is not for it. */
gboolean terminal_look (TerminalLook *look, GError **error);

/* Takes standard input and output over; one at a time. The theme is borrowed; its colours
 * are brought to what the terminal has (NO_COLOR in the environment: attributes only). */
Terminal *terminal_open (const Theme *theme, GError **error);
/* That it is drawn as another one, which this host knows; newly allocated, or NULL. */
char *terminal_remark (const Terminal *terminal);
/* Restores the terminal. Accepts NULL. */
void terminal_close (Terminal *terminal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Terminal, terminal_close)

/* Whether lines and bars beyond ASCII may be shown: a UTF-8 locale in which they are one
 * column wide. */
gboolean terminal_is_ascii (const Terminal *terminal);

/* Its size, at most that of a canvas; what terminal_resize() has found last. */
void terminal_size (const Terminal *terminal, int *width, int *height);
/* To be called after SIGWINCH. */
void terminal_resize (Terminal *terminal);

/* Sends what differs from what is shown. Nothing differs: no byte is sent. */
void terminal_show (Terminal *terminal, const Canvas *canvas);
/* Sends everything anew (^L, after a stop). */
void terminal_redraw (Terminal *terminal);

/* The next key that has come, without waiting; FALSE: none. `types`: keys are text now, and
 * what can only have been pasted is given as that, also where the terminal does not mark it
 * (burst.h). */
gboolean terminal_key (Terminal *terminal, gboolean types, Key *key);
/* Forgets keys that have come: those typed before a question stood there. */
void terminal_forget_keys (Terminal *terminal);

/* To be watched for input; keys may be there without it having any: terminal_key() until
 * FALSE. */
int terminal_descriptor (const Terminal *terminal);

void terminal_bell (Terminal *terminal);
/* The window's title while we are here, again after a stop; the one before comes back with
 * terminal_close() and for the time of terminal_suspend(). */
void terminal_set_title (Terminal *terminal, const char *title);
/* Puts text on the clipboard of the operator's own machine (OSC 52; the terminal may not
 * do it). At most TERMINAL_COPY_BYTES_MAX. */
#define TERMINAL_COPY_BYTES_MAX 65536
gboolean terminal_copy (Terminal *terminal, const char *text);

/* ^Z: gives the terminal back, stops, and takes it again when continued. */
void terminal_suspend (Terminal *terminal);
/* Continued after a stop that was not asked for here: takes the terminal again. */
void terminal_resume (Terminal *terminal);

#endif
