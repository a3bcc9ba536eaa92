#include "tui/widgets/terminal.h"

#include <errno.h>
#include <langinfo.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>

#include "tui/widgets/burst.h"
#include "tui/widgets/colours.h"
#include "tui/widgets/escapes.h"
#include "tui/widgets/frame.h"
#include "tui/widgets/restore.h"
#include "tui/widgets/typing.h"

/* After an Escape the rest of a key's sequence is there within this time, also over a slow
 * line (it travels in one piece); a person's next key is not. */
#define ESCAPE_DELAY_MS 50

/* Pairs of colours: two dozen roles, and what children print on them. Curses numbers them
 * up to 32,767; terminals of 8 colours have 64. */
#define PAIRS_MAX 256

/* Spaces that are more bytes than what it takes to erase them. */
#define ERASED_MIN 24

/* Codes of our own for define_key(), above those of curses. */
enum { CODE_PASTE_BEGIN = KEY_MAX + 100, CODE_PASTE_END };

typedef struct {
  int foreground, background;
} Pair;

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
  Cell *shown; /* what curses has been given */
  gboolean cursor_shown;
  char *title;     /* the last one, as it was sent; or NULL */
  gboolean titled; /* the one before us is put away */
  Typing *typing;
  Burst *burst;
  struct termios modes; /* before us */
};

GQuark
terminal_error_quark (void)
{
  return g_quark_from_static_string ("handrail-terminal");
}

/* ---- what is said beside curses ------------------------------------------------- */

/* Curses has nothing left in its own buffer after each terminal_show(). */
static void
say (const char *bytes)
{
  frame_say (bytes, strlen (bytes));
}

/* Of terminfo; NULL: this terminal has none. */
static const char *
capability (const char *name)
{
  const char *string = tigetstr (name);
  return string == (const char *)-1 ? NULL : string;
}

/* What a crash has to send: the same as leaving in order. */
static void
arm (Terminal *terminal)
{
  static const char *const names[] = { "sgr0", "op", "cnorm", "rmkx", "rmcup" };
  g_autoptr (GString) bytes = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    escapes_append (bytes, capability (names[i]));
  if (terminal->known)
    g_string_append (bytes, ESCAPES_LEAVE);
  if (terminal->titled)
    g_string_append (bytes, ESCAPES_TITLE_POP);
  g_string_append (bytes, "\r\n");
  restore_arm (bytes->str, bytes->len, &terminal->modes);
}

static void
show_title (Terminal *terminal)
{
  if (!terminal->title)
    return;
  if (!terminal->titled)
    say (ESCAPES_TITLE_PUSH);
  terminal->titled = TRUE;
  arm (terminal);
  say (terminal->title);
}

static void
enter (Terminal *terminal)
{
  if (terminal->known)
    say (ESCAPES_ENTER);
  show_title (terminal); /* who had the terminal meanwhile may have set another */
}

static void
leave (Terminal *terminal)
{
  frame_settle (terminal->frame);
  if (terminal->titled)
    say (ESCAPES_TITLE_POP);
  terminal->titled = FALSE;
  if (terminal->known)
    say (ESCAPES_LEAVE);
}

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

/* Those that are used of the terminal's `colours`. */
static guint
colours_of (int colours)
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
  return any ? colours_of (COLORS) : 0;
}

static void
take_theme (Terminal *terminal, const Theme *theme)
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

/* What curses has is not known any more. */
static void
forget_shown (Terminal *terminal)
{
  g_free (terminal->shown);
  terminal->shown =
      g_new0 (Cell, MAX ((gsize)terminal->width * (gsize)terminal->height, 1));
}

/* ---- opening and closing ------------------------------------------------------------ */

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error (error, TERMINAL_ERROR, TERMINAL_ERROR_NONE, "%s; use --plain", why);
  return FALSE;
}

static gboolean
refuse_unknown (GError **error)
{
  g_autofree char *why = g_strdup_printf ("the terminal %s is not known on this host "
                                          "(set TERM=xterm if it is of that kind)",
                                          getenv ("TERM"));
  return refuse (error, why);
}

static gboolean
has_terminal (GError **error)
{
  const char *term = getenv ("TERM");
  if (!isatty (STDIN_FILENO) || !isatty (STDOUT_FILENO))
    return refuse (error, "the full screen needs a terminal");
  if (!term || !*term)
    return refuse (error, "TERM does not say what terminal this is");
  return TRUE;
}

static gboolean
places_cursor (GError **error)
{
  return capability ("cup") || refuse (error, "this terminal cannot place its cursor");
}

/* The name of the entry to draw by: TERM, or its stand-in; NULL: there is none. */
static const char *
find_entry (void)
{
  const char *name = getenv ("TERM");
  int found = 0;
  for (guint i = 0; name; i++) {
    if (setupterm (name, STDOUT_FILENO, &found) != ERR) {
      del_curterm (cur_term);
      return name;
    }
    name = escapes_stand_in (getenv ("TERM"), i);
  }
  return NULL;
}

/* Newly allocated; NULL: it is known. */
static char *
remark_on_entry (const char *entry)
{
  const char *term = getenv ("TERM");
  if (strcmp (entry, term) == 0)
    return NULL;
  return g_strdup_printf ("The terminal %s is not known on this host: drawn as %s, its "
                          "entry is in ncurses-term",
                          term, entry);
}

char *
terminal_remark (const Terminal *terminal)
{
  return remark_on_entry (terminal->entry);
}

static gboolean
open_screen (Terminal *terminal, GError **error)
{
  if (!has_terminal (error))
    return FALSE;
  set_escdelay (ESCAPE_DELAY_MS);
  const char *entry = find_entry ();
  terminal->frame = frame_new (!escapes_known (getenv ("TERM")));
  if (!terminal->frame) {
    g_autofree char *why = g_strdup_printf ("cannot draw: %s", g_strerror (errno));
    return refuse (error, why);
  }
  terminal->screen =
      entry ? newterm (entry, frame_stream (terminal->frame), stdin) : NULL;
  if (!terminal->screen)
    return refuse_unknown (error);
  terminal->entry = entry;
  set_term (terminal->screen);
  if (places_cursor (error))
    return TRUE;
  endwin ();
  return FALSE;
}

/* Whether what is drawn beyond ASCII takes one column each: not in all locales. */
static gboolean
is_ascii (void)
{
  static const wchar_t drawn[] = L"─│┼▁█…✔✖▸→–×·";
  if (strcmp (nl_langinfo (CODESET), "UTF-8") != 0)
    return TRUE;
  for (gsize i = 0; drawn[i]; i++)
    if (wcwidth (drawn[i]) != 1)
      return TRUE;
  return FALSE;
}

gboolean
terminal_look (TerminalLook *look, GError **error)
{
  struct winsize size = { 0 };
  int found = 0;
  if (!has_terminal (error))
    return FALSE;
  const char *entry = find_entry ();
  if (!entry || setupterm (entry, STDOUT_FILENO, &found) == ERR)
    return refuse_unknown (error);
  gboolean fits = places_cursor (error);
  ioctl (STDOUT_FILENO, TIOCGWINSZ, &size);
  if (fits)
    *look = (TerminalLook){ .width = size.ws_col,
                            .height = size.ws_row,
                            .colours = colours_of (tigetnum ("colors")),
                            .ascii = is_ascii (),
                            .remark = remark_on_entry (entry) };
  del_curterm (cur_term);
  return fits;
}

/* What some terminals send whatever TERM says that they do. */
static const struct {
  const char *bytes;
  int code;
} other_forms[] = {
  { "\033[A", KEY_UP },    { "\033[B", KEY_DOWN },  { "\033[C", KEY_RIGHT },
  { "\033[D", KEY_LEFT },  { "\033[H", KEY_HOME },  { "\033[F", KEY_END },
  { "\033OA", KEY_UP },    { "\033OB", KEY_DOWN },  { "\033OC", KEY_RIGHT },
  { "\033OD", KEY_LEFT },  { "\033OH", KEY_HOME },  { "\033OF", KEY_END },
  { "\033[1~", KEY_HOME }, { "\033[4~", KEY_END },  { "\033[7~", KEY_HOME },
  { "\033[8~", KEY_END },  { "\033OM", KEY_ENTER },
};

static void
set_modes (Terminal *terminal)
{
  raw ();
  noecho ();
  nonl ();
  terminal->keys = newpad (1, 1);
  keypad (terminal->keys, TRUE);
  nodelay (terminal->keys, TRUE);
  typeahead (-1); /* a frame is whole, also with keys waiting */
  define_key (ESCAPES_PASTE_BEGIN, CODE_PASTE_BEGIN);
  define_key (ESCAPES_PASTE_END, CODE_PASTE_END);
  for (gsize i = 0; i < G_N_ELEMENTS (other_forms); i++)
    if (key_defined (other_forms[i].bytes) <= 0)
      define_key (other_forms[i].bytes, other_forms[i].code);
  idlok (newscr, TRUE);
}

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

/* Whether what is pasted comes with marks around it: older entries, and the program screen's,
 * say nothing of it; tmux may stand behind screen's name. */
static gboolean
has_brackets (gboolean known)
{
  return known && (capability ("BE") || getenv ("TMUX"));
}

Terminal *
terminal_open (const Theme *theme, GError **error)
{
  g_autoptr (Terminal) terminal = g_new0 (Terminal, 1);
  terminal->typing = typing_new ();
  terminal->burst = burst_new ();
  tcgetattr (STDIN_FILENO, &terminal->modes);
  if (!open_screen (terminal, error))
    return NULL;
  terminal->known = escapes_known (getenv ("TERM"));
  terminal->ascii = is_ascii ();
  terminal->brackets = has_brackets (terminal->known);
  arm (terminal);
  set_modes (terminal);
  terminal->colours = count_colours ();
  terminal->pairs[0] = (Pair){ COLOUR_DEFAULT, COLOUR_DEFAULT };
  terminal->pair_count = 1;
  terminal->pairs_max = MIN (COLOR_PAIRS, PAIRS_MAX);
  take_theme (terminal, theme);
  take_background (terminal);
  curs_set (0);
  terminal_resize (terminal);
  forget_shown (terminal);
  enter (terminal);
  return g_steal_pointer (&terminal);
}

void
terminal_close (Terminal *terminal)
{
  if (!terminal)
    return;
  if (terminal->keys) {
    leave (terminal);
    endwin ();
    restore_disarm ();
    delwin (terminal->keys);
  }
  if (terminal->screen)
    delscreen (terminal->screen);
  frame_free (terminal->frame);
  typing_free (terminal->typing);
  burst_free (terminal->burst);
  g_free (terminal->title);
  g_free (terminal->shown);
  g_free (terminal);
}

gboolean
terminal_is_ascii (const Terminal *terminal)
{
  return terminal->ascii;
}

/* ---- size, stops ---------------------------------------------------------------------- */

void
terminal_size (const Terminal *terminal, int *width, int *height)
{
  *width = terminal->width;
  *height = terminal->height;
}

void
terminal_resize (Terminal *terminal)
{
  struct winsize size = { 0 };
  if (ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 &&
      size.ws_row > 0 && is_term_resized (size.ws_row, size.ws_col))
    resizeterm (size.ws_row, size.ws_col);
  wresize (stdscr, 1, 1);
  terminal->width = MIN (COLS, CANVAS_WIDTH_MAX);
  terminal->height = MIN (LINES, CANVAS_HEIGHT_MAX);
  forget_shown (terminal);
}

void
terminal_redraw (Terminal *terminal)
{
  clearok (curscr, TRUE);
  forget_shown (terminal);
}

void
terminal_resume (Terminal *terminal)
{
  reset_prog_mode ();
  frame_forget (terminal->frame);
  enter (terminal);
  terminal_resize (terminal);
  terminal_redraw (terminal);
}

void
terminal_suspend (Terminal *terminal)
{
  struct sigaction stop = { .sa_handler = SIG_DFL }, before;
  leave (terminal);
  endwin ();
  sigaction (SIGTSTP, &stop, &before);
  kill (0, SIGTSTP); /* the whole job, as the terminal itself would */
  sigaction (SIGTSTP, &before, NULL);
  terminal_resume (terminal);
}

/* ---- keys ------------------------------------------------------------------------------ */

static const struct {
  int code;
  KeyName name;
} named_keys[] = {
  { KEY_UP, PRESS_UP },
  { KEY_DOWN, PRESS_DOWN },
  { KEY_LEFT, PRESS_LEFT },
  { KEY_RIGHT, PRESS_RIGHT },
  { KEY_PPAGE, PRESS_PAGE_UP },
  { KEY_NPAGE, PRESS_PAGE_DOWN },
  { KEY_HOME, PRESS_HOME },
  { KEY_END, PRESS_END },
  { KEY_ENTER, PRESS_ENTER },
  { KEY_BTAB, PRESS_BACK_TAB },
  { KEY_DC, PRESS_DELETE },
  { KEY_IC, PRESS_INSERT },
  { KEY_BACKSPACE, PRESS_BACKSPACE },
  { KEY_F (1), PRESS_F1 },
  { KEY_A1, PRESS_HOME },
  { KEY_A3, PRESS_PAGE_UP },
  { KEY_C1, PRESS_END },
  { KEY_C3, PRESS_PAGE_DOWN },
};

static guint32
name_of (int code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (named_keys); i++)
    if (named_keys[i].code == code)
      return named_keys[i].name;
  return PRESS_NONE;
}

/* What a code of curses is as a key; PRESS_NONE: nothing yet, or nothing to us. */
static guint32
take_code (Terminal *terminal, int code)
{
  gint64 now_us = g_get_monotonic_time ();
  if (code == CODE_PASTE_BEGIN) {
    typing_begin_paste (terminal->typing, now_us);
    return PRESS_NONE;
  }
  if (code == CODE_PASTE_END)
    return typing_end_paste (terminal->typing) ? PRESS_PASTE : PRESS_NONE;
  if (code < KEY_MIN)
    return typing_take (terminal->typing, (char)code, now_us);
  return typing_is_pasting (terminal->typing, now_us) ? PRESS_NONE : name_of (code);
}

/* After an Escape: swallows the rest of a key's sequence that nobody knows, or it would be
 * taken for what is typed. FALSE: it was the key Escape alone. */
static gboolean
swallow_sequence (Terminal *terminal)
{
  int code = wgetch (terminal->keys);
  if (code != '[' && code != 'O') {
    if (code != ERR)
      ungetch (code);
    return FALSE;
  }
  gboolean control = code == '[';
  do
    code = wgetch (terminal->keys);
  while (control && code != ERR && (code < '@' || code > '~'));
  if (control && code == '[') /* the Linux console's own: ESC [ [ A */
    wgetch (terminal->keys);
  return TRUE;
}

static gboolean
read_key (Terminal *terminal, Key *key)
{
  for (int code; (code = wgetch (terminal->keys)) != ERR;) {
    if (code == '\033' &&
        !typing_is_pasting (terminal->typing, g_get_monotonic_time ()) &&
        swallow_sequence (terminal))
      continue;
    guint32 press = take_code (terminal, code);
    if (press == PRESS_NONE)
      continue;
    *key = (Key){ press, press == PRESS_PASTE ? typing_pasted (terminal->typing) : NULL };
    return TRUE;
  }
  return FALSE;
}

/* Takes all keys that are there; what is pasted with marks says that there are some. */
static void
gather (Terminal *terminal)
{
  Key key;
  gboolean room = TRUE;
  while (room && !terminal->brackets && read_key (terminal, &key)) {
    terminal->brackets = key.code == PRESS_PASTE;
    room = burst_add (terminal->burst, &key);
  }
  burst_end (terminal->burst, g_get_monotonic_time ());
}

gboolean
terminal_key (Terminal *terminal, gboolean types, Key *key)
{
  if (burst_take (terminal->burst, key))
    return TRUE;
  if (!types || terminal->brackets)
    return read_key (terminal, key);
  gather (terminal);
  return burst_take (terminal->burst, key);
}

void
terminal_forget_keys (Terminal *terminal)
{
  Key key;
  while (terminal_key (terminal, FALSE, &key))
    continue;
}

int
terminal_descriptor (const Terminal *terminal)
{
  (void)terminal;
  return STDIN_FILENO;
}

/* ---- bell, title, clipboard --------------------------------------------------------------- */

void
terminal_bell (Terminal *terminal)
{
  (void)terminal;
  beep ();
}

void
terminal_set_title (Terminal *terminal, const char *title)
{
  if (!terminal->known)
    return;
  g_free (terminal->title);
  terminal->title = escapes_title (title, terminal->ascii);
  show_title (terminal);
}

gboolean
terminal_copy (Terminal *terminal, const char *text)
{
  if (!terminal->known || strlen (text) > TERMINAL_COPY_BYTES_MAX)
    return FALSE;
  g_autofree char *escape = escapes_copy (text);
  say (escape);
  return TRUE;
}
