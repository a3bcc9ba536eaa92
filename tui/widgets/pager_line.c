#include "tui/widgets/pager_line.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "tui/widgets/colours.h"

#define TAB_COLUMNS 8
#define PARAMETERS_MAX 16 /* xterm's own limit is 30; two colours take 10 */
#define ESCAPE '\033'
#define BELL '\a'

PagerLine *
pager_line_new (void)
{
  PagerLine *line = g_new0 (PagerLine, 1);
  line->text = g_string_new (NULL);
  line->styles = g_array_new (FALSE, FALSE, sizeof (PagerStyle));
  line->rows = g_array_new (FALSE, FALSE, sizeof (guint));
  return line;
}

void
pager_line_free (PagerLine *line)
{
  if (!line)
    return;
  g_string_free (line->text, TRUE);
  g_array_unref (line->styles);
  g_array_unref (line->rows);
  g_free (line);
}

/* ---- colours --------------------------------------------------------------------- */

/* 38;5;N or 38;2;R;G;B, from its second number on; returns how many numbers it was. */
static guint
take_colour (PagerStyle *style, const int *numbers, guint count)
{
  if (count >= 2 && numbers[0] == 5) {
    style->colour = (gint16)CLAMP (numbers[1], 0, 255);
    return 2;
  }
  if (count >= 4 && numbers[0] == 2) {
    int red = CLAMP (numbers[1], 0, 255), green = CLAMP (numbers[2], 0, 255);
    int blue = CLAMP (numbers[3], 0, 255);
    style->colour = (gint16)colour_nearest (red << 16 | green << 8 | blue, 256);
    return 4;
  }
  return count;
}

/* What one number switches on and off. */
static const struct {
  int number;
  guint8 on, off;
} switches[] = {
  { 1, LOOK_BOLD, 0 },
  { 2, LOOK_DIM, 0 },
  { 4, LOOK_UNDERLINE, 0 },
  { 7, LOOK_REVERSE, 0 },
  { 22, 0, LOOK_BOLD | LOOK_DIM },
  { 24, 0, LOOK_UNDERLINE },
  { 27, 0, LOOK_REVERSE },
};

static void
take_number (PagerStyle *style, int number)
{
  if (number == 0) {
    style->attributes = 0;
    style->colour = -1;
  } else if (number >= 30 && number <= 37) {
    style->colour = (gint16)(number - 30);
  } else if (number >= 90 && number <= 97) {
    style->colour = (gint16)(number - 90 + 8);
  } else if (number == 39) {
    style->colour = -1;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (switches); i++)
    if (switches[i].number == number)
      style->attributes =
          (guint8)((style->attributes | switches[i].on) & ~switches[i].off);
}

static void
take_sgr (PagerStyle *style, const int *numbers, guint count)
{
  for (guint i = 0; i < count; i++) {
    PagerStyle behind; /* colours of the background are not kept, but have to be read */
    if (numbers[i] == 38)
      i += take_colour (style, numbers + i + 1, count - i - 1);
    else if (numbers[i] == 48)
      i += take_colour (&behind, numbers + i + 1, count - i - 1);
    else
      take_number (style, numbers[i]);
  }
}

/* ---- escape sequences -------------------------------------------------------------- */

/* "ESC [ 1 ; 31 m": the bytes after ESC [. Returns how many belong to it. */
static gsize
take_control (PagerStyle *style, const char *at, gsize left)
{
  int numbers[PARAMETERS_MAX] = { 0 };
  guint count = 1;
  gsize used = 0;
  for (; used < left && at[used] >= 0x20 && at[used] <= 0x3f; used++) {
    int *number = &numbers[count - 1];
    if (g_ascii_isdigit (at[used]))
      *number = MIN (*number * 10 + (at[used] - '0'), 9999);
    else if ((at[used] == ';' || at[used] == ':') && count < PARAMETERS_MAX)
      count++;
  }
  gboolean whole = used < left && at[used] >= 0x40;
  if (whole && at[used] == 'm' && at[0] != '>' && at[0] != '?')
    take_sgr (style, numbers, count);
  return used + (whole ? 1 : 0);
}

/* Until its end (BEL or ESC \), or all of it. */
static gsize
skip_string (const char *at, gsize left)
{
  for (gsize i = 0; i < left; i++) {
    if (at[i] == BELL)
      return i + 1;
    if (at[i] == ESCAPE)
      return i + 1 < left && at[i + 1] == '\\' ? i + 2 : i;
  }
  return left;
}

/* The bytes after ESC; returns how many belong to it. */
static gsize
take_escape (PagerStyle *style, const char *at, gsize left)
{
  if (left == 0)
    return 0;
  if (at[0] == '[')
    return 1 + take_control (style, at + 1, left - 1);
  if (strchr ("]P^_X", at[0]) && at[0])
    return 1 + skip_string (at + 1, left - 1);
  gsize used = 0;
  while (used < left && at[used] >= 0x20 && at[used] <= 0x2f)
    used++;
  return used < left && at[used] >= 0x30 ? used + 1 : used;
}

/* ---- text --------------------------------------------------------------------------- */

static void
set_style (PagerLine *line, PagerStyle style)
{
  style.begin = (guint)line->text->len;
  PagerStyle *last = &g_array_index (line->styles, PagerStyle, line->styles->len - 1);
  if (last->attributes == style.attributes && last->colour == style.colour)
    return;
  if (last->begin == style.begin)
    *last = style;
  else
    g_array_append_val (line->styles, style);
}

static void
begin_anew (PagerLine *line, PagerStyle style)
{
  style.begin = 0;
  g_string_truncate (line->text, 0);
  g_array_set_size (line->styles, 0);
  g_array_append_val (line->styles, style);
}

/* A stretch without control characters; what is no UTF-8 in it is shown as such. */
static void
append_text (PagerLine *line, const char *bytes, gsize length)
{
  gboolean plain = TRUE;
  for (gsize i = 0; i < length && plain; i++)
    plain = bytes[i] >= ' ' && bytes[i] <= '~';
  if (plain) {
    g_string_append_len (line->text, bytes, (gssize)length);
    return;
  }
  g_autofree char *made = text_printable (bytes, (gssize)length);
  g_string_append (line->text, made);
}

static void
append_tab (PagerLine *line)
{
  glong column = g_utf8_strlen (line->text->str, -1);
  for (glong i = column % TAB_COLUMNS; i < TAB_COLUMNS; i++)
    g_string_append_c (line->text, ' ');
}

static gboolean
is_control (char byte)
{
  return (guchar)byte < ' ' || byte == 0x7f;
}

/* Takes the control character at `at`; returns how many bytes it was with what follows. */
static gsize
take_control_character (PagerLine *line, PagerStyle *style, const char *at, gsize left)
{
  if (*at == ESCAPE) {
    gsize used = 1 + take_escape (style, at + 1, left - 1);
    set_style (line, *style);
    return used;
  }
  if (*at == '\t')
    append_tab (line);
  else if (*at == '\r' && left > 1 && at[1] != '\n' && at[1] != '\r')
    begin_anew (line, *style);
  return 1;
}

/* Where the rows begin when it is broken at `width`. */
static void
break_rows (PagerLine *line, int width)
{
  const char *text = line->text->str;
  gsize length = line->text->len;
  int taken = 0, columns = 0;
  guint begin = 0;
  g_array_set_size (line->rows, 0);
  g_array_append_val (line->rows, begin);
  if (width < 2 || (length <= (gsize)width))
    return; /* no character is wider than its bytes are many */
  for (gsize at = 0; at < length;) {
    gsize bytes = canvas_cluster (text + at, length - at, &columns);
    if (taken + columns > width) {
      begin = (guint)at;
      g_array_append_val (line->rows, begin);
      taken = 0;
    }
    taken += columns;
    at += bytes;
  }
}

void
pager_line_read (PagerLine *line, const char *bytes, gsize length, int width)
{
  PagerStyle style = { 0, 0, -1 };
  begin_anew (line, style);
  for (gsize at = 0; at < length;) {
    gsize text = 0;
    while (at + text < length && !is_control (bytes[at + text]))
      text++;
    append_text (line, bytes + at, text);
    at += text;
    if (at < length)
      at += take_control_character (line, &style, bytes + at, length - at);
  }
  break_rows (line, width);
}
