/* canvas.h: a screen as cells, before a terminal shows it. Pure.
 *
 * Screens draw into a canvas: text of any origin, cut to its area, two columns wide where
 * it is, control characters made printable. terminal.h shows the canvas; tests read it. */
#ifndef HANDRAIL_TUI_CANVAS_H
#define HANDRAIL_TUI_CANVAS_H

#include "tui/widgets/theme.h"

/* The largest screen that is drawn; the rest of a larger one stays empty. */
#define CANVAS_WIDTH_MAX 1000
#define CANVAS_HEIGHT_MAX 500

/* One character with what combines with it; longer clusters lose their end. A cell is 16
 * bytes with it, of which a screen has thousands. */
#define CELL_BYTES_MAX 10

typedef struct {
  char text[CELL_BYTES_MAX]; /* valid UTF-8, "" behind a character of two columns */
  guint8 width;              /* 1, 2; 0: behind a wide one */
  guint8 role;               /* Role */
  guint8 attributes;         /* LookAttributes beyond the role's */
  guint8 line;               /* the sides that a line leaves it by; 0: no line */
  gint16 colour;             /* one of the terminal's 256 in place of the role's, or -1 */
} Cell;

typedef struct {
  int x, y, width, height;
} Area;

typedef struct Canvas Canvas;

/* `ascii`: no character beyond ASCII is put into cells; what is beyond gets a stand-in
 * of the same width (lines, bars, marks and punctuation have their own, text a "?"). */
Canvas *canvas_new (int width, int height, gboolean ascii);
void canvas_free (Canvas *canvas);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Canvas, canvas_free)

void canvas_resize (Canvas *canvas, int width, int height); /* and clear */
void canvas_clear (Canvas *canvas);                         /* spaces in ROLE_TEXT */
Area canvas_area (const Canvas *canvas);                    /* all of it */
gboolean canvas_is_ascii (const Canvas *canvas);
const Cell *canvas_cell (const Canvas *canvas, int x, int y);

/* Where the terminal's cursor stands; nowhere after canvas_clear(). */
void canvas_set_cursor (Canvas *canvas, int x, int y);
gboolean canvas_cursor (const Canvas *canvas, int *x, int *y);

/* ---- drawing: everything is cut to `area`, x and y count from its corner ---------- */

void canvas_fill (Canvas *canvas, Area area, Role role);
/* Gives what stands there another role: the line that is selected. */
void canvas_tint (Canvas *canvas, Area area, Role role);

/* Draws one line from column x on; returns the columns it took. What does not fit ends
 * with "…" (canvas_text) or has it in its middle (canvas_middle, for names and paths; at
 * most `columns`). */
int canvas_text (Canvas *canvas, Area area, int x, int y, Role role, const char *text);
int canvas_middle (Canvas *canvas, Area area, int x, int y, int columns, Role role,
                   const char *text);
int canvas_printf (Canvas *canvas, Area area, int x, int y, Role role, const char *format,
                   ...) G_GNUC_PRINTF (6, 7);
/* Ends at column x (exclusive): numbers under each other. Returns where it begins. */
int canvas_right (Canvas *canvas, Area area, int x, int y, Role role, const char *text);

/* Printable text with a colour and attributes of its own (a child's output), as much as
 * fits; returns its columns. */
int canvas_ink (Canvas *canvas, Area area, int x, int y, Role role, guint8 attributes,
                gint16 colour, const char *text, gsize length);

/* One character that is known to take one column: a mark, a part of a chart. */
void canvas_put (Canvas *canvas, Area area, int x, int y, Role role,
                 const char *character);

/* At the right end of a row: what stands there goes on and was cut. */
void canvas_cut (Canvas *canvas, Area area, int y, Role role);

/* Broken at spaces into lines of the area; returns how many it took, drawn or not (at
 * most `lines_max` are drawn, from `first` on). */
int canvas_paragraph (Canvas *canvas, Area area, Role role, const char *text, int first,
                      int lines_max);

/* Lines between parts; they join where they meet. */
void canvas_horizontal (Canvas *canvas, Area area, int x, int y, int length, Role role);
void canvas_vertical (Canvas *canvas, Area area, int x, int y, int length, Role role);

/* A bar of `eighths` of a cell's height, 0 to 8. */
void canvas_bar (Canvas *canvas, Area area, int x, int y, Role role, int eighths);

/* Columns that a text takes. */
int canvas_columns (const char *text);

/* The bytes of the first character of valid UTF-8, with what combines with it; *width: its
 * columns, 0 for what is left out (joiners, marks without a base). At most `length`. */
gsize canvas_cluster (const char *text, gsize length, int *width);

/* Marks that stand for a state beside its colour; ASCII ones where they must be. */
typedef enum {
  MARK_DONE,    /* ✔ + */
  MARK_FAILED,  /* ✖ ! */
  MARK_CURRENT, /* ▸ > */
  MARK_WAITING, /* … ~ */
  MARK_SKIPPED, /* – - */
  MARK_STALE,   /* ? */
  MARK_NONE,    /* a space */
} Mark;
int canvas_mark (Canvas *canvas, Area area, int x, int y, Role role, Mark mark);

/* ---- areas ------------------------------------------------------------------- */

Area area_inside (Area area, int left, int top, int right,
                  int bottom);               /* never negative */
Area area_take_top (Area *area, int height); /* cuts it off, gives what was cut off */
Area area_take_bottom (Area *area, int height);
Area area_take_left (Area *area, int width);
Area area_take_right (Area *area, int width);

/* ---- for tests, and for what is printed ------------------------------------------ */

/* The text of every line, without spaces at their ends; newly allocated. */
char *canvas_dump (const Canvas *canvas);
/* The same with a letter for the role of each cell, a legend below. */
char *canvas_dump_roles (const Canvas *canvas);

#endif
