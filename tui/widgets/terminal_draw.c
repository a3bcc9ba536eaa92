#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "tui/widgets/terminal_parts.h"

/* Spaces that are more bytes than what it takes to erase them. */
#define ERASED_MIN 24

/* ---- colours --------------------------------------------------------------------- */

/* The number of a pair, made when it is needed first; the terminal's own when there are no
 * more. */
static int
pair_for (Terminal *terminal, int foreground, int background)
{
  if (terminal->colours == 0)
    return 0;
  for (int i = 0; i < terminal->pair_count; i++)
    if (terminal->pairs[i].foreground == foreground &&
        terminal->pairs[i].background == background)
      return i;
  int number = terminal->pair_count;
  if (number >= terminal->pairs_max ||
      init_extended_pair (number, foreground, background) == ERR)
    return 0;
  terminal->pairs[terminal->pair_count++] = (Pair){ foreground, background };
  return number;
}

guint
terminal_colours_of (int colours)
{
  const char *refused = getenv ("NO_COLOR");
  if ((refused && *refused) || colours < 8)
    return 0;
  if (colours > 256)
    return tigetflag ("RGB") > 0 ? (guint)colours : 256;
  return colours == 256 ? 256 : colours >= 16 ? 16 : 8;
}

static guint
count_colours (void)
{
  gboolean any = has_colors () && start_color () != ERR && use_default_colors () != ERR;
  return any ? terminal_colours_of (COLORS) : 0;
}

static void
take_looks (Terminal *terminal, const Theme *theme)
{
  g_autoptr (Theme) mono = terminal->colours == 0 ? theme_new_mono () : NULL;
  Look text = theme->looks[ROLE_TEXT];
  terminal->dark = theme->dark;
  for (Role role = 0; role < ROLES; role++) {
    Look look = mono ? mono->looks[role] : theme_look (theme, role);
    Look fit = colour_fit (look, text, theme->dark, terminal->colours);
    terminal->looks[role] = fit;
    terminal->backgrounds[role] = colour_assume (look.background, theme->dark, FALSE);
    terminal->pairs_of[role] = pair_for (terminal, fit.foreground, fit.background);
  }
}

/* A child's colour as the terminal's number, which can be read on what is behind it. */
static int
number_of_ink (const Terminal *terminal, const Cell *cell)
{
  gint32 wanted = colour_of_256 ((guint)cell->colour);
  gint32 colour = colour_readable (wanted, terminal->backgrounds[cell->role]);
  if (terminal->colours > 256)
    return colour;
  return colour == wanted && cell->colour < (int)terminal->colours
             ? cell->colour
             : (int)colour_nearest (colour, terminal->colours);
}

static int
pair_of_ink (Terminal *terminal, const Cell *cell)
{
  gint16 *known = &terminal->inks[cell->role][cell->colour];
  if (*known == 0) {
    int pair = pair_for (terminal, number_of_ink (terminal, cell),
                         terminal->looks[cell->role].background);
    *known = (gint16)(pair > 0 ? pair : terminal->pairs_of[cell->role]);
  }
  return *known;
}

static attr_t
attributes_for (guint8 attributes)
{
  return (attributes & LOOK_BOLD ? A_BOLD : 0) | (attributes & LOOK_DIM ? A_DIM : 0) |
         (attributes & LOOK_UNDERLINE ? A_UNDERLINE : 0) |
         (attributes & LOOK_REVERSE ? A_REVERSE : 0);
}

/* ---- cells ------------------------------------------------------------------------ */

static attr_t
attributes_of (const Terminal *terminal, const Cell *cell)
{
  return attributes_for (terminal->looks[cell->role].attributes | cell->attributes);
}

static int
pair_of (Terminal *terminal, const Cell *cell)
{
  return cell->colour >= 0 && terminal->colours > 0 ? pair_of_ink (terminal, cell)
                                                    : terminal->pairs_of[cell->role];
}

static gboolean
is_bar (const Cell *cell)
{
  static const char bar[] = "█";
  return memcmp (cell->text, bar, sizeof bar) == 0;
}

/* A full bar is the same as a space on the bar's colour, if it has one: that is a third of the
 * bytes, and many of them are one command. 0: it is drawn as it is. */
static int
pair_of_bar (Terminal *terminal, const Cell *cell)
{
  int colour = terminal->looks[cell->role].foreground;
  if (colour == COLOUR_DEFAULT || cell->colour >= 0 || !is_bar (cell))
    return 0;
  return pair_for (terminal, colour, colour);
}

/* The text of a cell as curses wants it. Where libc and canvas.h do not agree on the width
 * of a character, nobody knows what the terminal will do: a stand-in is shown. */
static void
make_text (const Cell *cell, wchar_t *wide)
{
  gsize count = 0;
  if (cell->text[1] == '\0') { /* ASCII, as most is */
    wide[0] = (wchar_t)cell->text[0];
    wide[1] = L'\0';
    return;
  }
  for (const char *at = cell->text; *at; at = g_utf8_next_char (at))
    wide[count++] = (wchar_t)g_utf8_get_char (at);
  wide[count] = L'\0';
  if (count == 0 || wcwidth (wide[0]) != cell->width)
    wcscpy (wide, cell->width == 2 ? L"\uff1f" : L"?");
}

/* `look`: the cell whose look it gets. */
static void
make_character (Terminal *terminal, const Cell *cell, const Cell *look, cchar_t *out)
{
  wchar_t wide[CELL_BYTES_MAX + 1] = L" ";
  int bar = pair_of_bar (terminal, cell);
  if (bar == 0)
    make_text (cell, wide);
  attr_t attributes = bar > 0 ? 0 : attributes_of (terminal, look);
  setcchar (out, wide, attributes, (short)(bar > 0 ? bar : pair_of (terminal, look)),
            NULL);
}

/* ---- spaces: what they look like is their background, and the rest is free ------------ */

/* What is behind a cell is what is behind text, and nothing is drawn through spaces. */
static gboolean
is_plain_behind (const Terminal *terminal, const Cell *cell)
{
  return !(attributes_of (terminal, cell) & (A_REVERSE | A_UNDERLINE)) &&
         !is_bar (cell) &&
         terminal->looks[cell->role].background == terminal->looks[ROLE_TEXT].background;
}

static gboolean
is_free (const Terminal *terminal, const Cell *cell)
{
  return cell->text[0] == ' ' && is_plain_behind (terminal, cell);
}

static gboolean
lends_its_look (const Terminal *terminal, const Cell *cell, int spaces)
{
  return is_plain_behind (terminal, cell) &&
         (attributes_of (terminal, cell) == 0 || spaces < ERASED_MIN);
}

/* The cell whose look the spaces from `begin` on, before `end`, are to have: that before
 * them, or behind them where a row begins, so that it need not be changed for them; or that
 * of what is empty, which can be erased. */
static const Cell *
look_of_spaces (const Terminal *terminal, const Cell *row, int begin, int end)
{
  static const Cell empty = { .text = " ", .width = 1, .role = ROLE_TEXT, .colour = -1 };
  const Cell *beside = begin > 0 ? &row[begin - 1] : &row[end];
  return end < terminal->width && lends_its_look (terminal, beside, end - begin) ? beside
                                                                                 : &empty;
}

static int
end_of_spaces (const Terminal *terminal, const Cell *row, int x)
{
  while (x < terminal->width && is_free (terminal, &row[x]))
    x++;
  return x;
}

static int
begin_of_spaces (const Terminal *terminal, const Cell *row, int x)
{
  while (x > 0 && is_free (terminal, &row[x - 1]))
    x--;
  return x;
}

/* ---- what all is drawn with ------------------------------------------------------------ */

/* Where nothing stands: curses clears with it. */
static void
take_background (Terminal *terminal)
{
  const Cell blank = { .text = " ", .width = 1, .role = ROLE_TEXT, .colour = -1 };
  cchar_t character;
  make_character (terminal, &blank, &blank, &character);
  wbkgrnd (stdscr, &character);
  wbkgrnd (newscr, &character);
}

void
terminal_take_theme (Terminal *terminal, const Theme *theme)
{
  terminal->colours = count_colours ();
  terminal->pairs[0] = (Pair){ COLOUR_DEFAULT, COLOUR_DEFAULT };
  terminal->pair_count = 1;
  terminal->pairs_max = MIN (COLOR_PAIRS, PAIRS_MAX);
  take_looks (terminal, theme);
  take_background (terminal);
}

/* ---- rows ------------------------------------------------------------------------------ */

/* Cells have no padding, and are compared as bytes. */
G_STATIC_ASSERT (sizeof (Cell) == CELL_BYTES_MAX + 4 * sizeof (guint8) + sizeof (gint16));

static gboolean
same_cell (const Cell *one, const Cell *other)
{
  return memcmp (one, other, sizeof *one) == 0;
}

/* Gives curses the cells from `begin` to `end` of a row; spaces among them whole. They go
 * into newscr, what is to be shown: stdscr would only be a copy of it, and is one cell. */
static void
put_cells (Terminal *terminal, const Cell *row, int y, int begin, int end)
{
  cchar_t characters[CANVAS_WIDTH_MAX];
  const Cell *spaces = NULL;
  int count = 0, spaces_end = 0;
  for (int x = begin; x < end; x++) {
    if (x >= spaces_end && is_free (terminal, &row[x])) {
      spaces_end = end_of_spaces (terminal, row, x);
      spaces = look_of_spaces (terminal, row, x, spaces_end);
    }
    const Cell *look = x < spaces_end ? spaces : &row[x];
    if (row[x].width > 0)
      make_character (terminal, &row[x], look, &characters[count++]);
  }
  mvwadd_wchnstr (newscr, y, begin, characters, count);
}

static void
show_row (Terminal *terminal, const Canvas *canvas, int y)
{
  const Cell *row = canvas_cell (canvas, 0, y);
  Cell *shown = &terminal->shown[(gsize)y * (gsize)terminal->width];
  int begin = 0, end = terminal->width;
  if (memcmp (row, shown, sizeof (Cell) * (gsize)terminal->width) == 0)
    return;
  while (begin < end && same_cell (&row[begin], &shown[begin]))
    begin++;
  while (end > begin && same_cell (&row[end - 1], &shown[end - 1]))
    end--;
  /* Wide characters are given whole, those that were there before too. */
  while (begin > 0 && (row[begin].width == 0 || shown[begin].width == 0))
    begin--;
  while (end < terminal->width && (row[end].width == 0 || shown[end].width == 0))
    end++;
  /* How spaces look depends on what is beside them. */
  begin = begin_of_spaces (terminal, row, begin);
  end = end_of_spaces (terminal, row, end);
  put_cells (terminal, row, y, begin, end);
  memcpy (shown, row, sizeof (Cell) * (gsize)terminal->width);
}

static void
show_cursor (Terminal *terminal, const Canvas *canvas)
{
  int x = 0, y = 0;
  gboolean wanted = canvas_cursor (canvas, &x, &y);
  if (wanted != terminal->cursor_shown)
    curs_set (wanted ? 1 : 0);
  terminal->cursor_shown = wanted;
  leaveok (newscr, !wanted);
  if (wanted)
    wmove (newscr, y, x);
}

void
terminal_show (Terminal *terminal, const Canvas *canvas)
{
  Area area = canvas_area (canvas);
  if (area.width != terminal->width || area.height != terminal->height)
    return; /* of another size: it is drawn anew */
  for (int y = 0; y < area.height; y++)
    show_row (terminal, canvas, y);
  frame_begin (terminal->frame);
  show_cursor (terminal, canvas);
  doupdate ();
  frame_end (terminal->frame);
}

void
terminal_forget_shown (Terminal *terminal)
{
  g_free (terminal->shown);
  terminal->shown =
      g_new0 (Cell, MAX ((gsize)terminal->width * (gsize)terminal->height, 1));
}
