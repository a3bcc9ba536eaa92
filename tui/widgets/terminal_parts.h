/* terminal_parts.h: what the files of the terminal share; together they are the adapter to
 * curses. */
#ifndef HANDRAIL_TUI_TERMINAL_PARTS_H
#define HANDRAIL_TUI_TERMINAL_PARTS_H

#include <termios.h>

#include "tui/widgets/burst.h"
#include "tui/widgets/colours.h"
#include "tui/widgets/frame.h"
#include "tui/widgets/terminal.h"
#include "tui/widgets/typing.h"

/* After ours: term.h takes words like `columns` for its own. */
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>

/* Pairs of colours: two dozen roles, and what children print on them. Curses numbers them
 * up to 32,767; terminals of 8 colours have 64. */
#define PAIRS_MAX 256

typedef struct {
  int foreground, background;
} Pair;

/* How a cell is drawn, whatever stands in it. */
typedef struct {
  guint8 role;
  guint8 attributes;
  gint16 colour;
} Dress;

struct Terminal {
  Frame *frame;
  SCREEN *screen;
  const char *entry; /* of the terminal database; in the environment, or constant */
  WINDOW *keys;      /* a pad: reading from it shows nothing */
  gboolean ascii, known;
  gboolean brackets; /* it marks what is pasted */
  guint colours;     /* 0: none */
  gboolean dark;
  Look looks[ROLES]; /* in the terminal's numbers */
  int pairs_of[ROLES];
  gint32 backgrounds[ROLES]; /* 0xRRGGBB, assumed where it is the terminal's own */
  gint16 inks[ROLES][256];   /* pairs of children's colours; 0: not asked for yet */
  Pair pairs[PAIRS_MAX];
  int pair_count; /* the first one is the terminal's own */
  int pairs_max;
  int width, height;
  Cell *shown; /* what curses has been given, */
  Dress *worn; /* and how it was drawn: spaces not as their cells say */
  gboolean cursor_shown;
  char *title;     /* the last one, as it was sent; or NULL */
  gboolean titled; /* the one before us is put away */
  Typing *typing;
  Burst *burst;
  struct termios modes; /* before us */
};

/* ---- terminal_draw.c ------------------------------------------------------------ */

/* Those that are used of the terminal's `colours`; 0: none. */
guint terminal_colours_of (int colours);

/* The roles' looks, as this terminal can show them; curses clears with that of text. */
void terminal_take_theme (Terminal *terminal, const Theme *theme);

/* What curses has is not known any more: all is drawn anew. */
void terminal_forget_shown (Terminal *terminal);

/* ---- terminal_keys.c ------------------------------------------------------------ */

/* Curses reads keys, and does not wait for any. */
void terminal_define_keys (Terminal *terminal);

#endif
