#include "tui/widgets/terminal.h"

#include <errno.h>
#include <langinfo.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "tui/widgets/escapes.h"
#include "tui/widgets/restore.h"
#include "tui/widgets/terminal_parts.h"

/* After an Escape the rest of a key's sequence is there within this time, also over a slow
 * line (it travels in one piece); a person's next key is not. */
#define ESCAPE_DELAY_MS 50

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
                            .colours = terminal_colours_of (tigetnum ("colors")),
                            .ascii = is_ascii (),
                            .remark = remark_on_entry (entry) };
  del_curterm (cur_term);
  return fits;
}

static void
set_modes (Terminal *terminal)
{
  raw ();
  noecho ();
  nonl ();
  typeahead (-1); /* a frame is whole, also with keys waiting */
  terminal_define_keys (terminal);
  idlok (newscr, TRUE);
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
  terminal_take_theme (terminal, theme);
  curs_set (0);
  terminal_resize (terminal);
  terminal_forget_shown (terminal);
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
  g_free (terminal->worn);
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
  clearok (curscr, TRUE); /* it may have been another size meanwhile */
  wresize (stdscr, 1, 1);
  terminal->width = MIN (COLS, CANVAS_WIDTH_MAX);
  terminal->height = MIN (LINES, CANVAS_HEIGHT_MAX);
  terminal_forget_shown (terminal);
}

void
terminal_redraw (Terminal *terminal)
{
  frame_forget (terminal->frame); /* whoever has drawn has left a look, too */
  clearok (curscr, TRUE);
  terminal_forget_shown (terminal);
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
