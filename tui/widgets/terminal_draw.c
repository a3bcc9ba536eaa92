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
number_of_ink (const Terminal *terminal, Dress dress)
{
  gint32 wanted = colour_of_256 ((guint)dress.colour);
  gint32 colour = colour_readable (wanted, terminal->backgrounds[dress.role]);
  if (terminal->colours > 256)
    return colour;
  return colour == wanted && dress.colour < (int)terminal->colours
             ? dress.colour
             : (int)colour_nearest (colour, terminal->colours);
}

static int
pair_of_ink (Terminal *terminal, Dress dress)
{
  gint16 *known = &terminal->inks[dress.role][dress.colour];
  if (*known == 0) {
    int pair = pair_for (terminal, number_of_ink (terminal, dress),
                         terminal->looks[dress.role].background);
    *known = (gint16)(pair > 0 ? pair : terminal->pairs_of[dress.role]);
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

static const Dress plain = { .role = ROLE_TEXT, .colour = -1 };

static Dress
dress_of (const Cell *cell)
{
  return (Dress){ cell->role, cell->attributes, cell->colour };
}

static gboolean
same_dress (Dress one, Dress other)
{
  return memcmp (&one, &other, sizeof one) == 0; /* it has no padding */
}

static attr_t
attributes_of (const Terminal *terminal, Dress dress)
{
  return attributes_for (terminal->looks[dress.role].attributes | dress.attributes);
}

static int
pair_of (Terminal *terminal, Dress dress)
{
  return dress.colour >= 0 && terminal->colours > 0 ? pair_of_ink (terminal, dress)
                                                    : terminal->pairs_of[dress.role];
}

static gboolean
is_bar (const Cell *cell)
{
  static const char bar[] = "█";
  return memcmp (cell->text, bar, sizeof bar) == 0;
}

/* A full bar is the same as a space on the bar's colour, if it has one and is not drawn the
 * other way round: that is a third of the bytes, and many of them are one command. 0: it is
 * drawn as it is. */
static int
pair_of_bar (Terminal *terminal, const Cell *cell)
{
  const Look *look = &terminal->looks[cell->role];
  int colour = look->foreground;
  if (colour == COLOUR_DEFAULT || cell->colour >= 0 || !is_bar (cell) ||
      (look->attributes | cell->attributes) & LOOK_REVERSE)
    return 0;
  return pair_for (terminal, colour, colour);
}

static gboolean
is_ascii (const Cell *cell)
{
  return cell->text[1] == '\0' && cell->text[0] != '\0';
}

/* The text of a cell as curses wants it. Where libc and canvas.h do not agree on the width
 * of a character, nobody knows what the terminal will do: a stand-in is shown. */
static void
make_text (const Cell *cell, wchar_t *wide)
{
  gsize count = 0;
  for (const char *at = cell->text; *at; at = g_utf8_next_char (at))
    wide[count++] = (wchar_t)g_utf8_get_char (at);
  wide[count] = L'\0';
  if (count == 0 || wcwidth (wide[0]) != cell->width)
    wcscpy (wide, cell->width == 2 ? L"\uff1f" : L"?");
}

static void
make_character (Terminal *terminal, const Cell *cell, Dress dress, cchar_t *out)
{
  wchar_t wide[CELL_BYTES_MAX + 1] = L" ";
  int bar = pair_of_bar (terminal, cell);
  if (bar == 0)
    make_text (cell, wide);
  attr_t attributes = bar > 0 ? 0 : attributes_of (terminal, dress);
  setcchar (out, wide, attributes, (short)(bar > 0 ? bar : pair_of (terminal, dress)),
            NULL);
}

/* ---- spaces: what they look like is their background, and the rest is free ------------ */

/* These are drawn through spaces, too. */
#define THROUGH_SPACES (LOOK_REVERSE | LOOK_UNDERLINE)

/* What is behind it is what is behind text, and nothing is drawn through spaces. */
static gboolean
is_plain (const Terminal *terminal, const Cell *cell)
{
  const Look *look = &terminal->looks[cell->role];
  return !((look->attributes | cell->attributes) & THROUGH_SPACES) &&
         look->background == terminal->looks[ROLE_TEXT].background;
}

static gboolean
is_free (const Terminal *terminal, const Cell *cell)
{
  return cell->text[0] == ' ' && is_plain (terminal, cell);
}

static gboolean
lends_its_dress (const Terminal *terminal, const Cell *cell, int spaces)
{
  return is_plain (terminal, cell) && !is_bar (cell) &&
         (attributes_of (terminal, dress_of (cell)) == 0 || spaces < ERASED_MIN);
}

/* How the spaces from `begin` on, before `end`, are to be drawn: as what is before them, or
 * behind them where a row begins, so that nothing need be changed for them; or as what is
 * empty, which can be erased. */
static Dress
dress_of_spaces (const Terminal *terminal, const Cell *row, int begin, int end)
{
  const Cell *beside = begin > 0 ? &row[begin - 1] : &row[end];
  return end < terminal->width && lends_its_dress (terminal, beside, end - begin)
             ? dress_of (beside)
             : plain;
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

/* How the cells of a row are to be drawn, from `begin` to `end`; spaces among them whole. */
static void
dress_row (const Terminal *terminal, const Cell *row, int begin, int end, Dress *dresses)
{
  for (int x = begin; x < end;) {
    int spaces_end = end_of_spaces (terminal, row, x);
    if (spaces_end == x) {
      dresses[x] = dress_of (&row[x]);
      x++;
      continue;
    }
    Dress spaces = dress_of_spaces (terminal, row, x, spaces_end);
    while (x < spaces_end)
      dresses[x++] = spaces;
  }
}

/* ---- what all is drawn with ------------------------------------------------------------ */

/* Where nothing stands: curses clears with it. */
static void
take_background (Terminal *terminal)
{
  const Cell blank = { .text = " ", .width = 1, .role = ROLE_TEXT, .colour = -1 };
  cchar_t character;
  make_character (terminal, &blank, plain, &character);
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

/* Gives curses the cells from `begin` to `end` of a row. They go into newscr, what is to be
 * shown: stdscr would only be a copy of it, and is one cell. */
static void
put_cells (Terminal *terminal, const Cell *row, const Dress *dresses, int y, int begin,
           int end)
{
  cchar_t characters[CANVAS_WIDTH_MAX];
  const Dress *last = NULL; /* that of the character before, where it was ASCII */
  int count = 0;
  for (int x = begin; x < end; x++) {
    if (row[x].width == 0)
      continue;
    cchar_t *character = &characters[count++];
    if (last && is_ascii (&row[x]) && same_dress (*last, dresses[x])) {
      *character = character[-1]; /* most are the same but for their text */
      character->chars[0] = (wchar_t)row[x].text[0];
    } else {
      make_character (terminal, &row[x], dresses[x], character);
    }
    last = is_ascii (&row[x]) ? &dresses[x] : NULL;
  }
  mvwadd_wchnstr (newscr, y, begin, characters, count);
}

/* So few cells that are the same are given again with those around them. */
#define SAME_MAX 3

typedef struct {
  const Cell *row, *shown;
  const Dress *dresses, *worn;
  int begin, end; /* nothing differs before and behind */
} Change;

static gboolean
is_behind_wide (const Change *change, int x)
{
  return change->row[x].width == 0 || change->shown[x].width == 0;
}

/* From where to where it may differ what cells of a row are to be, and how they are drawn. */
static void
find_extent (const Terminal *terminal, Change *change)
{
  const Cell *row = change->row, *shown = change->shown;
  int begin = 0, end = terminal->width;
  while (begin < end && same_cell (&row[begin], &shown[begin]))
    begin++;
  while (end > begin && same_cell (&row[end - 1], &shown[end - 1]))
    end--;
  while (begin > 0 && is_behind_wide (change, begin))
    begin--;
  while (end < terminal->width && is_behind_wide (change, end))
    end++;
  /* How spaces are drawn depends on what is beside them. */
  change->begin = begin_of_spaces (terminal, row, begin);
  change->end = end_of_spaces (terminal, row, end);
}

static gboolean
differs (const Change *change, int x)
{
  return !same_cell (&change->row[x], &change->shown[x]) ||
         !same_dress (change->dresses[x], change->worn[x]);
}

/* Where the next cells from `x` on that differ begin, and *end. Wide characters are given
 * whole, those that were there before too. */
static int
next_change (const Change *change, int x, int *end)
{
  while (x < change->end && !differs (change, x))
    x++;
  int last = x;
  for (int i = x + 1; i < change->end && i - last <= SAME_MAX + 1; i++)
    if (differs (change, i) || (i == last + 1 && is_behind_wide (change, i)))
      last = i;
  *end = MIN (last + 1, change->end);
  while (x < change->end && x > 0 && is_behind_wide (change, x))
    x--;
  return x;
}

static void
show_row (Terminal *terminal, const Canvas *canvas, int y)
{
  Dress dresses[CANVAS_WIDTH_MAX];
  gsize width = (gsize)terminal->width, offset = (gsize)y * width;
  const Cell *row = canvas_cell (canvas, 0, y);
  Cell *shown = &terminal->shown[offset];
  Dress *worn = &terminal->worn[offset];
  Change change = { row, shown, dresses, worn, 0, 0 };
  if (memcmp (row, shown, sizeof (Cell) * width) == 0)
    return;
  find_extent (terminal, &change);
  dress_row (terminal, row, change.begin, change.end, dresses);
  int end = change.begin;
  for (int begin; (begin = next_change (&change, end, &end)) < change.end;)
    put_cells (terminal, row, dresses, y, begin, end);
  memcpy (shown, row, sizeof (Cell) * width);
  for (int x = change.begin; x < change.end; x++)
    worn[x] = dresses[x];
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
  g_free (terminal->worn);
  gsize cells = MAX ((gsize)terminal->width * (gsize)terminal->height, 1);
  terminal->shown = g_new0 (Cell, cells);
  terminal->worn = g_new0 (Dress, cells);
}
