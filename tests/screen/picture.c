#include "tests/screen/picture.h"

#include <string.h>

/* Of a cell, in the drawing's own units: a monospaced character of 14 is 8.4 wide. */
#define CELL_WIDTH 8.4
#define CELL_HEIGHT 18
#define FONT_SIZE 14
#define BASELINE 13.5
#define MARGIN 10
#define STROKE 1

typedef struct {
  Harness *harness;
  int width, height;
  guint32 ground; /* the commonest background */
  GString *out;
} Picture;

static double
left_of (int x)
{
  return MARGIN + x * CELL_WIDTH;
}

static double
top_of (int y)
{
  return MARGIN + y * CELL_HEIGHT;
}

/* Rounded: so that files do not differ by a last digit. */
static void
add_number (GString *out, const char *name, double value)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd (digits, sizeof digits, "%.2f", value);
  gsize length = strlen (digits);
  while (digits[length - 1] == '0')
    digits[--length] = '\0';
  if (digits[length - 1] == '.')
    digits[--length] = '\0';
  g_string_append_printf (out, " %s=\"%s\"", name, digits);
}

static void
add_rectangle (Picture *picture, double x, double y, double width, double height,
               guint32 colour)
{
  g_string_append (picture->out, "<rect");
  add_number (picture->out, "x", x);
  add_number (picture->out, "y", y);
  add_number (picture->out, "width", width);
  add_number (picture->out, "height", height);
  g_string_append_printf (picture->out, " fill=\"#%06x\"/>\n", colour);
}

/* ---- shapes ------------------------------------------------------------------------ */

enum { UP = 1, DOWN = 2, LEFT = 4, RIGHT = 8 };

/* Where the lines of a frame's character go; 0: it is none. */
static int
frame_arms (gunichar character)
{
  static const struct {
    gunichar character;
    int arms;
  } frames[] = {
    { 0x2500, LEFT | RIGHT },
    { 0x2502, UP | DOWN },
    { 0x250c, DOWN | RIGHT },
    { 0x2510, DOWN | LEFT },
    { 0x2514, UP | RIGHT },
    { 0x2518, UP | LEFT },
    { 0x251c, UP | DOWN | RIGHT },
    { 0x2524, UP | DOWN | LEFT },
    { 0x252c, DOWN | LEFT | RIGHT },
    { 0x2534, UP | LEFT | RIGHT },
    { 0x253c, UP | DOWN | LEFT | RIGHT },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (frames); i++)
    if (frames[i].character == character)
      return frames[i].arms;
  return 0;
}

/* ▁ to █: how many eighths from below; 0: it is none. */
static int
bar_eighths (gunichar character)
{
  return character >= 0x2581 && character <= 0x2588 ? (int)(character - 0x2580) : 0;
}

static gboolean
is_shape (const HarnessCell *cell)
{
  gunichar character = g_utf8_get_char (cell->text);
  return frame_arms (character) != 0 || bar_eighths (character) != 0;
}

/* How many cells from x on look the same and hold the same character. */
static int
count_same (Picture *picture, int x, int y, const HarnessCell *cell)
{
  int count = 1;
  for (; x + count < picture->width; count++) {
    HarnessCell next = harness_cell (picture->harness, x + count, y);
    if (strcmp (next.text, cell->text) != 0 || next.fg != cell->fg)
      break;
  }
  return count;
}

static void
draw_frame (Picture *picture, int x, int y, int count, int arms, guint32 colour)
{
  double left = left_of (x), top = top_of (y), width = count * CELL_WIDTH;
  double middle_x = left + (CELL_WIDTH - STROKE) / 2;
  double middle_y = top + (CELL_HEIGHT - STROKE) / 2.0;
  double from = arms & LEFT ? left : middle_x;
  double to = arms & RIGHT ? left + width : middle_x + STROKE;
  if (arms & (LEFT | RIGHT))
    add_rectangle (picture, from, middle_y, to - from, STROKE, colour);
  from = arms & UP ? top : middle_y;
  to = arms & DOWN ? top + CELL_HEIGHT : middle_y + STROKE;
  if (arms & (UP | DOWN))
    add_rectangle (picture, middle_x, from, STROKE, to - from, colour);
}

/* Draws the shape at x and those beside it that are the same; returns how many cells that
 * are. */
static int
draw_shape (Picture *picture, int x, int y, const HarnessCell *cell)
{
  gunichar character = g_utf8_get_char (cell->text);
  int arms = frame_arms (character);
  int count = arms & (UP | DOWN) ? 1 : count_same (picture, x, y, cell);
  double high = CELL_HEIGHT * bar_eighths (character) / 8.0;
  if (arms)
    draw_frame (picture, x, y, count, arms, cell->fg);
  else
    add_rectangle (picture, left_of (x), top_of (y) + CELL_HEIGHT - high,
                   count * CELL_WIDTH, high, cell->fg);
  return count;
}

/* ---- text ---------------------------------------------------------------------------- */

static gboolean
is_plain (const HarnessCell *cell)
{
  return cell->text[0] >= ' ' && cell->text[0] < 0x7f && cell->text[1] == '\0';
}

static gboolean
is_blank (const HarnessCell *cell)
{
  return strcmp (cell->text, " ") == 0 && !cell->underline;
}

static gboolean
looks_same (const HarnessCell *one, const HarnessCell *other)
{
  return one->fg == other->fg && one->bold == other->bold &&
         one->underline == other->underline;
}

/* The text from x on that looks the same. A character that another font may have to help
 * out with stands alone, so that what follows it is in its column. Returns how many cells
 * that are, blanks at the end left out. */
static int
take_text (Picture *picture, int x, int y, GString *text)
{
  HarnessCell first = harness_cell (picture->harness, x, y);
  int count = 0, end = x;
  gsize length = 0;
  while (end < picture->width) {
    HarnessCell cell = harness_cell (picture->harness, end, y);
    if ((!is_blank (&cell) && !looks_same (&cell, &first)) || is_shape (&cell) ||
        (end > x && !(is_plain (&cell) && is_plain (&first))))
      break;
    g_string_append (text, cell.text);
    end += cell.columns;
    if (!is_blank (&cell)) {
      length = text->len;
      count = end - x;
    }
  }
  g_string_truncate (text, length);
  return count;
}

static void
add_text (Picture *picture, int x, int y, int count, const char *text)
{
  HarnessCell cell = harness_cell (picture->harness, x, y);
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  g_string_append (picture->out, "<text");
  add_number (picture->out, "x", left_of (x));
  add_number (picture->out, "y", top_of (y) + BASELINE);
  if (count > 1) /* the font that is there may be a little wider or narrower */
    add_number (picture->out, "textLength", count * CELL_WIDTH);
  g_string_append_printf (picture->out, " fill=\"#%06x\"%s%s>%s</text>\n", cell.fg,
                          cell.bold ? " font-weight=\"bold\"" : "",
                          cell.underline ? " text-decoration=\"underline\"" : "",
                          escaped);
}

/* ---- a line -------------------------------------------------------------------------- */

static void
draw_grounds (Picture *picture, int y)
{
  for (int x = 0, count = 1; x < picture->width; x += count) {
    guint32 ground = harness_cell (picture->harness, x, y).bg;
    for (count = 1; x + count < picture->width; count++)
      if (harness_cell (picture->harness, x + count, y).bg != ground)
        break;
    if (ground != picture->ground)
      add_rectangle (picture, left_of (x), top_of (y), count * CELL_WIDTH, CELL_HEIGHT,
                     ground);
  }
}

static void
draw_line (Picture *picture, int y)
{
  draw_grounds (picture, y);
  for (int x = 0; x < picture->width;) {
    g_autoptr (GString) text = g_string_new (NULL);
    HarnessCell cell = harness_cell (picture->harness, x, y);
    if (is_shape (&cell)) {
      x += draw_shape (picture, x, y, &cell);
      continue;
    }
    int count = is_blank (&cell) ? 0 : take_text (picture, x, y, text);
    if (count > 0)
      add_text (picture, x, y, count, text->str);
    x += MAX (count, 1);
  }
}

static guint32
commonest_ground (const Picture *picture)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (NULL, NULL);
  guint32 commonest = 0;
  guint most = 0;
  for (int i = 0; i < picture->width * picture->height; i++) {
    HarnessCell cell =
        harness_cell (picture->harness, i % picture->width, i / picture->width);
    gpointer key = GUINT_TO_POINTER (cell.bg);
    guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, key)) + 1;
    g_hash_table_insert (counts, key, GUINT_TO_POINTER (count));
    if (count > most) {
      most = count;
      commonest = cell.bg;
    }
  }
  return commonest;
}

char *
picture_svg (Harness *harness, const char *title)
{
  Picture picture = { .harness = harness, .out = g_string_new (NULL) };
  g_autofree char *escaped = g_markup_escape_text (title, -1);
  harness_size (harness, &picture.width, &picture.height);
  picture.ground = commonest_ground (&picture);
  double width = picture.width * CELL_WIDTH + 2 * MARGIN;
  double height = picture.height * CELL_HEIGHT + 2 * MARGIN;
  g_string_append (picture.out, "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\"");
  add_number (picture.out, "width", width);
  add_number (picture.out, "height", height);
  g_string_append_printf (
      picture.out,
      " xml:space=\"preserve\" shape-rendering=\"crispEdges\"\n"
      "  font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\""
      " font-size=\"%d\">\n<title>%s</title>\n"
      "<rect width=\"100%%\" height=\"100%%\" rx=\"6\" fill=\"#%06x\"/>\n",
      FONT_SIZE, escaped, picture.ground);
  for (int y = 0; y < picture.height; y++)
    draw_line (&picture, y);
  g_string_append (picture.out, "</svg>\n");
  return g_string_free (picture.out, FALSE);
}
