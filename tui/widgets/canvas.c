#include "tui/widgets/canvas.h"

#include <stdarg.h>
#include <string.h>

#include "core/base/text.h"

struct Canvas {
  int width, height;
  gboolean ascii;
  int cursor_x, cursor_y; /* -1: nowhere */
  Cell *cells;            /* height rows of width */
};

#define ELLIPSIS "…"
#define CUT_ASCII "~"

/* Sides by which a line leaves its cell. */
enum { LINE_LEFT = 1, LINE_RIGHT = 2, LINE_UP = 4, LINE_DOWN = 8 };

static const char *const line_shapes[16] = {
  "", "─", "─", "─", "│", "┘", "└", "┴", "│", "┐", "┌", "┬", "│", "┤", "├", "┼",
};
static const char *const line_shapes_ascii[16] = {
  "", "-", "-", "-", "|", "+", "+", "+", "|", "+", "+", "+", "|", "+", "+", "+",
};

/* What stands for a character of one column where only ASCII may be shown. */
static const struct {
  gunichar character;
  char ascii;
} stand_ins[] = {
  { 0x00a0, ' ' },  { 0x00b7, '-' },  { 0x00d7, 'x' }, { 0x2013, '-' }, { 0x2014, '-' },
  { 0x2018, '\'' }, { 0x2019, '\'' }, { 0x201c, '"' }, { 0x201d, '"' }, { 0x2022, '*' },
  { 0x2026, '.' },  { 0x2190, '<' },  { 0x2191, '^' }, { 0x2192, '>' }, { 0x2193, 'v' },
  { 0x25b8, '>' },  { 0x2714, '+' },  { 0x2716, '!' },
};

/* ---- cells ------------------------------------------------------------------ */

Canvas *
canvas_new (int width, int height, gboolean ascii)
{
  Canvas *canvas = g_new0 (Canvas, 1);
  canvas->ascii = ascii;
  canvas_resize (canvas, width, height);
  return canvas;
}

void
canvas_free (Canvas *canvas)
{
  if (!canvas)
    return;
  g_free (canvas->cells);
  g_free (canvas);
}

void
canvas_resize (Canvas *canvas, int width, int height)
{
  g_free (canvas->cells);
  canvas->width = CLAMP (width, 0, CANVAS_WIDTH_MAX);
  canvas->height = CLAMP (height, 0, CANVAS_HEIGHT_MAX);
  canvas->cells = g_new0 (Cell, (gsize)canvas->width * (gsize)canvas->height);
  canvas_clear (canvas);
}

void
canvas_clear (Canvas *canvas)
{
  const Cell blank = { .text = " ", .width = 1, .role = ROLE_TEXT, .colour = -1 };
  gsize width = (gsize)canvas->width, height = (gsize)canvas->height;
  for (gsize x = 0; x < width && height > 0; x++)
    canvas->cells[x] = blank;
  for (gsize y = 1; y < height && width > 0; y++) /* whole rows: several times as fast */
    memcpy (&canvas->cells[y * width], canvas->cells, width * sizeof (Cell));
  canvas->cursor_x = canvas->cursor_y = -1;
}

Area
canvas_area (const Canvas *canvas)
{
  return (Area){ 0, 0, canvas->width, canvas->height };
}

gboolean
canvas_is_ascii (const Canvas *canvas)
{
  return canvas->ascii;
}

static Cell *
cell_at (const Canvas *canvas, int x, int y)
{
  return &canvas->cells[(gsize)y * (gsize)canvas->width + (gsize)x];
}

const Cell *
canvas_cell (const Canvas *canvas, int x, int y)
{
  return cell_at (canvas, x, y);
}

void
canvas_set_cursor (Canvas *canvas, int x, int y)
{
  canvas->cursor_x = CLAMP (x, 0, MAX (canvas->width - 1, 0));
  canvas->cursor_y = CLAMP (y, 0, MAX (canvas->height - 1, 0));
}

gboolean
canvas_cursor (const Canvas *canvas, int *x, int *y)
{
  *x = canvas->cursor_x;
  *y = canvas->cursor_y;
  return canvas->cursor_x >= 0 && canvas->width > 0 && canvas->height > 0;
}

/* The part of an area that is on the canvas. */
static Area
clip (const Canvas *canvas, Area area)
{
  int left = CLAMP (area.x, 0, canvas->width), top = CLAMP (area.y, 0, canvas->height);
  int right = CLAMP (area.x + area.width, left, canvas->width);
  int bottom = CLAMP (area.y + area.height, top, canvas->height);
  return (Area){ left, top, right - left, bottom - top };
}

/* Whether `width` columns from this cell on lie in what is seen of an area. */
static gboolean
is_seen (Area seen, int x, int y, int width)
{
  return x >= seen.x && x + width <= seen.x + seen.width && y >= seen.y &&
         y < seen.y + seen.height;
}

typedef struct {
  Role role;
  guint8 attributes;
  gint16 colour;
} Ink;

static Ink
ink_of (Role role)
{
  return (Ink){ role, 0, -1 };
}

static Cell
cell_of (Ink ink, char character)
{
  return (Cell){ .text = { character },
                 .width = 1,
                 .role = (guint8)ink.role,
                 .attributes = ink.attributes,
                 .colour = ink.colour };
}

static void
make_blank (Cell *cell)
{
  memset (cell->text, 0, sizeof cell->text);
  cell->text[0] = ' ';
  cell->width = 1;
  cell->line = 0;
}

/* What is half covered of a wide character is none any more. */
static inline void
split_wide (const Canvas *canvas, Cell *cell, int x, int width)
{
  if (cell->width == 0 && x > 0)
    make_blank (cell - 1);
  if (x + width < canvas->width && cell[width].width == 0)
    make_blank (cell + width);
}

static char
stand_in_for (gunichar character)
{
  for (gsize i = 0; i < G_N_ELEMENTS (stand_ins); i++)
    if (stand_ins[i].character == character)
      return stand_ins[i].ascii;
  return '?';
}

/* A character beyond ASCII, or one with what combines with it. */
static void
put_cluster (const Canvas *canvas, Cell *cell, Ink ink, const char *text, gsize length,
             int width)
{
  char stand_in = canvas->ascii ? stand_in_for (g_utf8_get_char (text)) : '\0';
  for (int i = 0; i < width; i++)
    cell[i] = cell_of (ink, stand_in);
  if (canvas->ascii)
    return;
  memcpy (cell->text, text, length);
  cell->width = (guint8)width;
  for (int i = 1; i < width; i++)
    cell[i].width = 0;
}

/* As many bytes of a cluster as a cell holds. */
static gsize
cell_bytes (const char *text, gsize length)
{
  while (length >= CELL_BYTES_MAX)
    length = (gsize)(g_utf8_find_prev_char (text, text + length) - text);
  return length;
}

/* Puts a character into a cell of the canvas that is known to hold it. */
static void
put (Canvas *canvas, int x, int y, Ink ink, const char *text, gsize length, int width)
{
  Cell *cell = cell_at (canvas, x, y);
  split_wide (canvas, cell, x, width);
  if (length == 1)
    *cell = cell_of (ink, *text);
  else
    put_cluster (canvas, cell, ink, text, cell_bytes (text, length), width);
}

/* ---- characters and their columns -------------------------------------------- */

/* Zero columns wide, and trusted to combine with what is before: accents. Joiners and
 * selectors of form are left out: terminals do not agree on the width of what they make. */
static gboolean
is_combining (gunichar character)
{
  GUnicodeType type = g_unichar_type (character);
  gboolean selects = character >= 0xfe00 && character <= 0xfe0f;
  return (type == G_UNICODE_NON_SPACING_MARK || type == G_UNICODE_ENCLOSING_MARK) &&
         !selects && g_unichar_iszerowidth (character);
}

static gsize
measure_cluster (const char *text, gsize length, int *width)
{
  const char *end = text + length, *at = g_utf8_next_char (text);
  gunichar character = g_utf8_get_char (text);
  *width = g_unichar_iszerowidth (character) ? 0 : g_unichar_iswide (character) ? 2 : 1;
  while (*width > 0 && at < end && is_combining (g_utf8_get_char (at)))
    at = g_utf8_next_char (at);
  return (gsize)(at - text);
}

/* Most characters are ASCII, and nothing combines with them. */
static inline gsize
cluster (const char *text, gsize length, int *width)
{
  if ((guchar)text[0] >= 0x80 || (length > 1 && (guchar)text[1] >= 0x80))
    return measure_cluster (text, length, width);
  *width = 1;
  return 1;
}

gsize
canvas_cluster (const char *text, gsize length, int *width)
{
  return cluster (text, length, width);
}

/* Whether a character beyond ASCII is one that screens say themselves. */
static gboolean
is_known (const char *text)
{
  return stand_in_for (g_utf8_get_char_validated (text, -1)) != '?';
}

/* Text of any origin as it may be shown; `*made` is to be freed. Most of it is ASCII, but for
 * an arrow, and stays what it is. `lines`: of several lines. */
static const char *
printable (const char *text, gboolean lines, char **made)
{
  *made = NULL;
  for (const char *at = text; *at; at++) {
    if ((*at >= ' ' && *at <= '~') || (lines && *at == '\n'))
      continue;
    if ((guchar)*at < 0x80 || !is_known (at))
      return *made = (lines ? text_printable_lines : text_printable) (text, -1);
    at = g_utf8_next_char (at) - 1;
  }
  return text;
}

/* How many bytes from `text` on, at most `most`, are characters with which nothing
 * combines. */
static gsize
length_of_ascii (const char *text, gsize length, gsize most)
{
  gsize ascii = 0;
  while (ascii < length && ascii <= most && (guchar)text[ascii] < 0x80)
    ascii++;
  if (ascii > 0 && ascii < length && ascii <= most) /* what follows may combine */
    ascii--;
  return MIN (ascii, most);
}

/* Columns of text that is printable. */
static int
columns_of (const char *text, gsize length)
{
  int columns = 0, width = 0;
  for (gsize at = 0; at < length; columns += width) {
    gsize ascii = length_of_ascii (text + at, length - at, length - at);
    width = (int)ascii;
    at += ascii > 0 ? ascii : cluster (text + at, length - at, &width);
  }
  return columns;
}

int
canvas_columns (const char *text)
{
  g_autofree char *made = NULL;
  const char *shown = printable (text, FALSE, &made);
  return columns_of (shown, strlen (shown));
}

/* ---- text -------------------------------------------------------------------- */

/* The same for several characters of one column and byte each, which lie one after the
 * other: nearly all text is this, and it is most of what drawing costs. */
static void
put_ascii (Canvas *canvas, int x, int y, Ink ink, const char *text, int count)
{
  Cell model = cell_of (ink, ' ');
  Cell *cell = cell_at (canvas, x, y);
  split_wide (canvas, cell, x, count);
  for (int i = 0; i < count; i++) {
    model.text[0] = text[i];
    cell[i] = model;
  }
}

/* Draws what is seen of an ASCII text, which begins at a column of the canvas. */
static void
put_seen (Canvas *canvas, Area seen, int x, int y, Ink ink, const char *text, int count)
{
  int before = CLAMP (seen.x - x, 0, count);
  int end = CLAMP (seen.x + seen.width - x, before, count);
  if (end > before && y >= seen.y && y < seen.y + seen.height)
    put_ascii (canvas, x + before, y, ink, text + before, end - before);
}

/* Draws what fits into `columns`; returns the columns taken. */
static int
put_slice (Canvas *canvas, Area area, int x, int y, Ink ink, const char *text,
           gsize length, int columns)
{
  Area seen = clip (canvas, area);
  int taken = 0, width = 0;
  x += area.x;
  y += area.y;
  for (gsize at = 0; at < length && taken < columns;) {
    gsize bytes = length_of_ascii (text + at, length - at, (gsize)(columns - taken));
    if (bytes > 0) {
      width = (int)bytes;
      put_seen (canvas, seen, x + taken, y, ink, text + at, width);
    } else {
      bytes = cluster (text + at, length - at, &width);
      if (taken + width > columns)
        break;
      if (width > 0 && is_seen (seen, x + taken, y, width))
        put (canvas, x + taken, y, ink, text + at, bytes, width);
    }
    taken += width;
    at += bytes;
  }
  return taken;
}

static int
put_ellipsis (Canvas *canvas, Area area, int x, int y, Ink ink)
{
  const char *cut = canvas->ascii ? CUT_ASCII : ELLIPSIS;
  return put_slice (canvas, area, x, y, ink, cut, strlen (cut), 1);
}

static int
put_text (Canvas *canvas, Area area, int x, int y, Ink ink, const char *text, int columns)
{
  gsize length = strlen (text);
  if (columns <= 0)
    return 0;
  if (columns_of (text, length) <= columns)
    return put_slice (canvas, area, x, y, ink, text, length, columns);
  int taken = put_slice (canvas, area, x, y, ink, text, length, columns - 1);
  return taken + put_ellipsis (canvas, area, x + taken, y, ink);
}

int
canvas_text (Canvas *canvas, Area area, int x, int y, Role role, const char *text)
{
  g_autofree char *made = NULL;
  const char *shown = printable (text, FALSE, &made);
  return put_text (canvas, area, x, y, ink_of (role), shown, area.width - x);
}

void
canvas_put (Canvas *canvas, Area area, int x, int y, Role role, const char *character)
{
  x += area.x;
  y += area.y;
  if (is_seen (clip (canvas, area), x, y, 1))
    put (canvas, x, y, ink_of (role), character, strlen (character), 1);
}

void
canvas_cut (Canvas *canvas, Area area, int y, Role role)
{
  canvas_text (canvas, area, area.width - 1, y, role,
               canvas->ascii ? CUT_ASCII : ELLIPSIS);
}

int
canvas_middle (Canvas *canvas, Area area, int x, int y, int columns, Role role,
               const char *text)
{
  g_autofree char *made = NULL;
  const char *shown = printable (text, FALSE, &made);
  gsize length = strlen (shown);
  columns = MIN (columns, area.width - x);
  int whole = columns_of (shown, length), width = 0;
  if (whole <= columns || columns < 3)
    return put_text (canvas, area, x, y, ink_of (role), shown, columns);
  int head = columns / 2, tail = columns - 1 - head;
  int taken = put_slice (canvas, area, x, y, ink_of (role), shown, length, head);
  taken += put_ellipsis (canvas, area, x + taken, y, ink_of (role));
  gsize at = 0;
  for (int left = whole; left > tail; left -= width)
    at += cluster (shown + at, length - at, &width);
  return taken + put_slice (canvas, area, x + taken, y, ink_of (role), shown + at,
                            length - at, tail);
}

int
canvas_printf (Canvas *canvas, Area area, int x, int y, Role role, const char *format,
               ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return canvas_text (canvas, area, x, y, role, text);
}

int
canvas_right (Canvas *canvas, Area area, int x, int y, Role role, const char *text)
{
  int begin = MAX (MIN (x, area.width) - canvas_columns (text), 0);
  Area before = { area.x, area.y, MIN (x, area.width), area.height };
  canvas_text (canvas, before, begin, y, role, text);
  return begin;
}

int
canvas_ink (Canvas *canvas, Area area, int x, int y, Role role, guint8 attributes,
            gint16 colour, const char *text, gsize length)
{
  return put_slice (canvas, area, x, y, (Ink){ role, attributes, colour }, text, length,
                    area.width - x);
}

/* The bytes of the next line of a paragraph: up to a line feed, or the last space before
 * it would be too wide, or its last slash behind its middle, or just what fits. *next: where
 * the one after it begins. */
static gsize
line_length (const char *text, int columns, gsize *next)
{
  gsize length = strlen (text), space = 0, slash = 0, at = 0;
  int taken = 0, width = 0;
  while (at < length && text[at] != '\n') {
    gsize bytes = cluster (text + at, length - at, &width);
    if (text[at] == ' ')
      space = at;
    else if (text[at] == '/' && taken >= columns / 2 && taken < columns)
      slash = at + 1;
    if (taken + width > columns && text[at] != ' ') {
      gsize end = space > 0 ? space : slash > 0 ? slash : MAX (at, bytes);
      *next = space > 0 ? space + 1 : end;
      return end;
    }
    taken += width;
    at += bytes;
  }
  *next = at + (at < length ? 1 : 0);
  return at;
}

int
canvas_paragraph (Canvas *canvas, Area area, Role role, const char *text, int first,
                  int lines_max)
{
  g_autofree char *made = NULL;
  const char *shown = printable (text, TRUE, &made);
  int line = 0;
  if (area.width <= 0)
    return 0;
  for (const char *at = shown; *at; line++) {
    gsize next = 0, length = line_length (at, area.width, &next);
    int y = line - first;
    if (y >= 0 && y < lines_max)
      put_slice (canvas, area, 0, y, ink_of (role), at, length, area.width);
    at += next;
  }
  return line;
}

/* ---- areas of cells ----------------------------------------------------------- */

void
canvas_fill (Canvas *canvas, Area area, Role role)
{
  Area seen = clip (canvas, area);
  for (int y = seen.y; y < seen.y + seen.height; y++)
    for (int x = seen.x; x < seen.x + seen.width; x++)
      put (canvas, x, y, ink_of (role), " ", 1, 1);
}

void
canvas_tint (Canvas *canvas, Area area, Role role)
{
  Area seen = clip (canvas, area);
  for (int y = seen.y; y < seen.y + seen.height; y++)
    for (int x = seen.x; x < seen.x + seen.width; x++) {
      Cell *cell = cell_at (canvas, x, y);
      cell->role = (guint8)role;
      cell->attributes = 0;
      cell->colour = -1;
    }
}

/* ---- shapes -------------------------------------------------------------------- */

static Cell
line_of (const Canvas *canvas, Role role, guint8 sides)
{
  const char *shape = (canvas->ascii ? line_shapes_ascii : line_shapes)[sides];
  Cell cell = cell_of (ink_of (role), '\0');
  memcpy (cell.text, shape, strlen (shape));
  cell.line = sides;
  return cell;
}

/* `last` is what was put for the same line before: its cells are mostly the same. */
static void
put_line (Canvas *canvas, int x, int y, Role role, guint8 sides, Cell *last)
{
  Cell *cell = cell_at (canvas, x, y);
  guint8 all = cell->line | sides;
  if (last->line != all)
    *last = line_of (canvas, role, all);
  split_wide (canvas, cell, x, 1);
  *cell = *last;
}

/* By which sides the cell at `i` is left; a line of one cell goes through it. */
static guint8
sides_at (int i, int length, guint8 back, guint8 on)
{
  gboolean alone = length == 1;
  return (guint8)((i > 0 || alone ? back : 0) | (i < length - 1 || alone ? on : 0));
}

void
canvas_horizontal (Canvas *canvas, Area area, int x, int y, int length, Role role)
{
  Area seen = clip (canvas, area);
  Cell last = { 0 };
  for (int i = 0; i < length; i++)
    if (is_seen (seen, area.x + x + i, area.y + y, 1))
      put_line (canvas, area.x + x + i, area.y + y, role,
                sides_at (i, length, LINE_LEFT, LINE_RIGHT), &last);
}

void
canvas_vertical (Canvas *canvas, Area area, int x, int y, int length, Role role)
{
  Area seen = clip (canvas, area);
  Cell last = { 0 };
  for (int i = 0; i < length; i++)
    if (is_seen (seen, area.x + x, area.y + y + i, 1))
      put_line (canvas, area.x + x, area.y + y + i, role,
                sides_at (i, length, LINE_UP, LINE_DOWN), &last);
}
