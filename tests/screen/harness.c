#include "tests/screen/harness.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utmp.h>

#include "config.h"

#ifndef HAVE_VTERM

void
harness_require (void)
{
  printf ("libvterm is not installed (Debian: apt-get install libvterm-dev)\n");
  exit (77);
}

#else
#include <vterm.h>

/* Nothing takes so long, not even under a sanitizer on a busy machine. */
#define PATIENCE_US (120 * G_USEC_PER_SEC)
#define READ_BYTES 65536

struct Harness {
  pid_t pid;
  int master, slave; /* the slave stays open: what was sent before the end can be read */
  struct termios modes;
  int width, height;
  VTerm *terminal;
  VTermScreen *screen;
  GString *output;
  GString *held;  /* of a sequence that has begun */
  char last;      /* the byte before it */
  guint idles;    /* NULs seen and not waited for yet */
  gboolean tells; /* such a NUL has come at all */
  gboolean busy;  /* something has come since the last one */
  char *home;
  char *title;
  gboolean alternate, cursor;
  gboolean ended;
  int status;
};

void
harness_require (void)
{
}

/* ---- the terminal -------------------------------------------------------------------- */

static int
on_property (VTermProp property, VTermValue *value, void *data)
{
  Harness *harness = data;
  if (property == VTERM_PROP_ALTSCREEN)
    harness->alternate = value->boolean;
  else if (property == VTERM_PROP_CURSORVISIBLE)
    harness->cursor = value->boolean;
  else if (property == VTERM_PROP_TITLE) {
    g_free (harness->title);
    harness->title = g_strdup (value->string);
  }
  return 1;
}

static const VTermScreenCallbacks callbacks = { .settermprop = on_property };

static void
make_terminal (Harness *harness)
{
  harness->terminal = vterm_new (harness->height, harness->width);
  vterm_set_utf8 (harness->terminal, 1);
  harness->screen = vterm_obtain_screen (harness->terminal);
  vterm_screen_enable_altscreen (harness->screen, 1);
  vterm_screen_set_callbacks (harness->screen, &callbacks, harness);
  vterm_screen_reset (harness->screen, 1);
}

/* "ESC [ N b" repeats a character; libvterm 0.1.4 takes what follows at the end of a line
 * to the next one. So it is written out here. Of a direct colour it takes the place of the
 * colour space, which is empty, for red: that is left out. Anything else is passed on. */
static void
pass_sequence (Harness *harness)
{
  GString *held = harness->held;
  g_string_replace (held, "8:2::", "8:2:", 0);
  if (g_str_has_prefix (held->str, "\033[") && held->str[held->len - 1] == 'b')
    for (int left = atoi (held->str + 2); left > 0; left--)
      vterm_input_write (harness->terminal, &harness->last, 1);
  else
    vterm_input_write (harness->terminal, held->str, held->len);
  g_string_truncate (held, 0);
}

/* Whether what is held is a whole sequence: of control, a string up to BEL, or two bytes. */
static gboolean
is_whole (const GString *held)
{
  char kind = held->len > 1 ? held->str[1] : '\0', last = held->str[held->len - 1];
  if (kind == '[')
    return held->len > 2 && last >= 0x40;
  return kind == ']' ? last == '\a' : held->len > 1;
}

static void
pass_byte (Harness *harness, char byte)
{
  if (harness->held->len == 0 && byte != '\033') {
    harness->last = byte;
    vterm_input_write (harness->terminal, &byte, 1);
    return;
  }
  g_string_append_c (harness->held, byte);
  if (is_whole (harness->held))
    pass_sequence (harness);
}

/* Gives the terminal what has come, and takes the NULs out. */
static void
take (Harness *harness, const char *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++) {
    if (bytes[i] == '\0') {
      harness->idles++;
      harness->tells = TRUE;
      harness->busy = FALSE;
      continue;
    }
    harness->busy = harness->tells;
    g_string_append_c (harness->output, bytes[i]);
    pass_byte (harness, bytes[i]);
  }
}

/* Reads once, waiting so long at most; FALSE: nothing has come. */
static gboolean
pump (Harness *harness, int timeout_ms)
{
  char bytes[READ_BYTES];
  struct pollfd input = { harness->master, POLLIN, 0 };
  if (poll (&input, 1, timeout_ms) <= 0)
    return FALSE;
  ssize_t got = read (harness->master, bytes, sizeof bytes);
  if (got > 0)
    take (harness, bytes, (gsize)got);
  return got > 0;
}

static gboolean
has_ended (Harness *harness)
{
  if (!harness->ended &&
      waitpid (harness->pid, &harness->status, WNOHANG) == harness->pid)
    harness->ended = TRUE;
  return harness->ended;
}

void
harness_run (Harness *harness, int descriptor)
{
  struct pollfd inputs[] = { { harness->master, POLLIN, 0 }, { descriptor, POLLIN, 0 } };
  while (inputs[1].revents == 0) {
    poll (inputs, G_N_ELEMENTS (inputs), -1);
    if (inputs[0].revents && !pump (harness, 0))
      inputs[0].fd = -1; /* nothing comes from there any more */
  }
}

typedef gboolean (*Condition) (Harness *harness, const char *text);

/* Reads until the condition holds; fails loudly when it does not come true. */
static void
wait_for (Harness *harness, Condition holds, const char *text, const char *what)
{
  gint64 deadline_us = g_get_monotonic_time () + PATIENCE_US;
  while (!holds (harness, text)) {
    gboolean ended = has_ended (harness);
    if (pump (harness, ended ? 0 : 100) ||
        (!ended && g_get_monotonic_time () < deadline_us))
      continue;
    g_autofree char *seen = harness_text (harness);
    g_test_message ("%s\n%s", ended ? "the program has ended" : "it took too long", seen);
    g_error ("waited in vain for %s%s%s", what, text ? ": " : "", text ? text : "");
  }
}

/* A folder of configuration with the themes of the source tree, and nothing else. */
static void
make_home (Harness *harness)
{
  harness->home = g_dir_make_tmp ("screen-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename (harness->home, "handrail", NULL);
  g_autofree char *themes = g_build_filename (folder, "themes", NULL);
  g_autofree char *source = g_test_build_filename (G_TEST_DIST, "themes", NULL);
  g_mkdir (folder, 0700);
  g_assert_cmpint (symlink (source, themes), ==, 0);
}

static void
remove_home (Harness *harness)
{
  g_autofree char *folder = g_build_filename (harness->home, "handrail", NULL);
  g_autofree char *themes = g_build_filename (folder, "themes", NULL);
  g_unlink (themes);
  g_rmdir (folder);
  g_rmdir (harness->home);
}

/* ---- the program ---------------------------------------------------------------------- */

static char **
environment_of (const Harness *harness, const char *const *more)
{
  char **environment = g_new0 (char *, 1);
  environment = g_environ_setenv (environment, "PATH", g_getenv ("PATH"), TRUE);
  environment = g_environ_setenv (environment, "HOME", harness->home, TRUE);
  environment = g_environ_setenv (environment, "XDG_CONFIG_HOME", harness->home, TRUE);
  environment = g_environ_setenv (environment, "TERM", "xterm-256color", TRUE);
  environment = g_environ_setenv (environment, "LANG", "C.UTF-8", TRUE);
  environment = g_environ_setenv (environment, "TZ", "UTC", TRUE);
  environment = g_environ_setenv (environment, "HANDRAIL_IDLE_FD", "1", TRUE);
  static const char *const passed[] = { "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS",
                                        "G_SLICE" };
  for (gsize i = 0; i < G_N_ELEMENTS (passed); i++)
    if (g_getenv (passed[i]))
      environment = g_environ_setenv (environment, passed[i], g_getenv (passed[i]), TRUE);
  for (; more && *more; more++) {
    g_auto (GStrv) pair = g_strsplit (*more, "=", 2);
    environment = g_environ_setenv (environment, pair[0], pair[1], TRUE);
  }
  return environment;
}

/* What programs are begun by; it has no owner but this process. */
static GStrv under;

void
harness_under (const char *const *words)
{
  g_clear_pointer (&under, g_strfreev);
  under = g_strdupv ((char **)words);
}

static void
become (const Harness *harness, const char *const *argv, const char *const *more)
{
  g_auto (GStrv) environment = environment_of (harness, more);
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autofree char *path = argv[0][0] == '/'
                              ? g_strdup (argv[0])
                              : g_test_build_filename (G_TEST_BUILT, argv[0], NULL);
  close (harness->master);
  close (harness->slave);
  for (guint i = 0; under && under[i]; i++)
    g_ptr_array_add (words, under[i]);
  g_ptr_array_add (words, under ? path : (gpointer)argv[0]);
  for (guint i = 1; i == 1 || argv[i - 1]; i++)
    g_ptr_array_add (words, (gpointer)argv[i]);
  execve (under ? under[0] : path, (char *const *)words->pdata, environment);
  fprintf (stderr, "%s: %s\n", path, g_strerror (errno));
  _exit (127);
}

Harness *
harness_start (int width, int height, const char *const *argv,
               const char *const *environment)
{
  Harness *harness = g_new0 (Harness, 1);
  struct winsize size = { .ws_row = (guint16)height, .ws_col = (guint16)width };
  harness->width = width;
  harness->height = height;
  harness->output = g_string_new (NULL);
  harness->held = g_string_new (NULL);
  harness->cursor = TRUE;
  make_home (harness);
  make_terminal (harness);
  g_assert_cmpint (openpty (&harness->master, &harness->slave, NULL, NULL, &size), ==, 0);
  fcntl (harness->master, F_SETFD, FD_CLOEXEC);
  tcgetattr (harness->slave, &harness->modes);
  fflush (NULL);
  harness->pid = fork ();
  g_assert_cmpint (harness->pid, >=, 0);
  if (harness->pid == 0) {
    login_tty (dup (harness->slave));
    become (harness, argv, environment);
  }
  return harness;
}

void
harness_free (Harness *harness)
{
  if (!harness)
    return;
  if (!has_ended (harness)) {
    kill (harness->pid, SIGKILL);
    waitpid (harness->pid, &harness->status, 0);
  }
  close (harness->master);
  close (harness->slave);
  vterm_free (harness->terminal);
  remove_home (harness);
  g_string_free (harness->output, TRUE);
  g_string_free (harness->held, TRUE);
  g_free (harness->home);
  g_free (harness->title);
  g_free (harness);
}

int
harness_pid (const Harness *harness)
{
  return harness->pid;
}

void
harness_signal (Harness *harness, int number)
{
  pid_t front = tcgetpgrp (harness->master);
  kill (front > 0 ? -front : harness->pid, number);
}

/* ---- waiting --------------------------------------------------------------------------- */

static gboolean
is_idle (Harness *harness, const char *text)
{
  (void)text;
  return harness->idles > 0;
}

void
harness_scribble (Harness *harness, const char *bytes)
{
  vterm_input_write (harness->terminal, bytes, strlen (bytes));
}

void
harness_idle (Harness *harness)
{
  wait_for (harness, is_idle, NULL, "the program to be idle");
  harness->idles = 0;
}

void
harness_send (Harness *harness, const char *bytes)
{
  while (pump (harness, 0))
    continue;
  harness->idles = 0;
  gsize length = strlen (bytes);
  for (gsize put = 0; put < length;) {
    ssize_t now = write (harness->master, bytes + put, length - put);
    g_assert_cmpint (now, >, 0);
    put += (gsize)now;
  }
}

void
harness_type (Harness *harness, const char *bytes)
{
  harness_send (harness, bytes);
  harness_idle (harness);
}

static gboolean
shows (Harness *harness, const char *text)
{
  g_autofree char *seen = harness_text (harness);
  return strstr (seen, text) != NULL;
}

void
harness_expect (Harness *harness, const char *text)
{
  wait_for (harness, shows, text, "this text");
}

HarnessOutcome
harness_wait (Harness *harness, const char *text, gboolean gone, gint64 limit_us)
{
  gint64 deadline_us = g_get_monotonic_time () + limit_us;
  while (shows (harness, text) == gone || harness->busy) {
    gboolean ended = has_ended (harness);
    if (!pump (harness, ended ? 0 : 100) && ended)
      return shows (harness, text) == gone ? HARNESS_ENDED : HARNESS_SHOWN;
    if (g_get_monotonic_time () >= deadline_us)
      return HARNESS_LATE;
  }
  return HARNESS_SHOWN;
}

static void
set_size (Harness *harness, int width, int height)
{
  struct winsize size = { .ws_row = (guint16)height, .ws_col = (guint16)width };
  harness->width = width;
  harness->height = height;
  vterm_set_size (harness->terminal, height, width);
  ioctl (harness->master, TIOCSWINSZ, &size);
}

void
harness_resize (Harness *harness, int width, int height)
{
  if (width == harness->width && height == harness->height)
    return; /* nobody would be told */
  while (pump (harness, 0))
    continue;
  harness->idles = 0;
  set_size (harness, width, height);
  harness_idle (harness);
}

void
harness_resize_briefly (Harness *harness, int width, int height)
{
  int width_before = harness->width, height_before = harness->height;
  while (pump (harness, 0))
    continue;
  harness->idles = 0;
  set_size (harness, width, height);
  set_size (harness, width_before, height_before);
  harness_idle (harness);
}

static gboolean
ended (Harness *harness, const char *text)
{
  (void)text;
  return has_ended (harness);
}

int
harness_end (Harness *harness)
{
  wait_for (harness, ended, NULL, "the program to end");
  while (pump (harness, 0))
    continue;
  return harness->status;
}

/* ---- what is seen ------------------------------------------------------------------------ */

static gboolean
is_bar (const VTermScreenCell *cell)
{
  return !VTERM_COLOR_IS_DEFAULT_BG (&cell->bg) &&
         vterm_color_is_equal (&cell->fg, &cell->bg);
}

static void
append_cell (GString *out, const VTermScreenCell *cell)
{
  /* A full bar comes as a space on its colour (tui/widgets/terminal.c). */
  gboolean blank = cell->chars[0] == 0 || cell->chars[0] == ' ';
  if (blank)
    g_string_append (out, is_bar (cell) ? "█" : " ");
  for (int i = 0; !blank && i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i]; i++)
    if (cell->chars[i] != (guint32)-1) /* behind a wide one */
      g_string_append_unichar (out, cell->chars[i]);
}

static void
end_line (GString *out, gsize from)
{
  while (out->len > from && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);
  g_string_append_c (out, '\n');
}

char *
harness_text (Harness *harness)
{
  GString *out = g_string_new (NULL);
  for (int y = 0; y < harness->height; y++) {
    gsize from = out->len;
    VTermScreenCell cell;
    for (int x = 0; x < harness->width; x += MAX (cell.width, 1)) {
      vterm_screen_get_cell (harness->screen, (VTermPos){ y, x }, &cell);
      append_cell (out, &cell);
    }
    end_line (out, from);
  }
  return g_string_free (out, FALSE);
}

static gboolean
hide (const GMatchInfo *match, GString *out, void *data)
{
  g_autofree char *text = g_match_info_fetch (match, 0);
  (void)data;
  for (const char *at = text; *at; at++)
    g_string_append_c (out, g_ascii_isdigit (*at) ? '#' : *at);
  return FALSE;
}

char *
harness_timeless (Harness *harness)
{
  g_autofree char *text = harness_text (harness);
  g_autoptr (GRegex) times = g_regex_new ("\\d+:\\d\\d|\\d+ min", 0, 0, NULL);
  return g_regex_replace_eval (times, text, -1, 0, 0, hide, NULL, NULL);
}

static void
append_colour (GString *out, const char *name, const VTermColor *colour)
{
  if (VTERM_COLOR_IS_DEFAULT_FG (colour) || VTERM_COLOR_IS_DEFAULT_BG (colour))
    return;
  if (VTERM_COLOR_IS_INDEXED (colour))
    g_string_append_printf (out, " %s=%d", name, colour->indexed.idx);
  else
    g_string_append_printf (out, " %s=#%02x%02x%02x", name, colour->rgb.red,
                            colour->rgb.green, colour->rgb.blue);
}

static char *
look_of (const VTermScreenCell *cell)
{
  GString *out = g_string_new (NULL);
  append_colour (out, "fg", &cell->fg);
  append_colour (out, "bg", &cell->bg);
  g_string_append_printf (out, "%s%s%s", cell->attrs.bold ? " bold" : "",
                          cell->attrs.underline ? " underline" : "",
                          cell->attrs.reverse ? " reverse" : "");
  return g_string_free (out, FALSE);
}

/* The number of each look that there is, in the order of their first cell. */
static GPtrArray *
find_looks (Harness *harness, GArray *cells)
{
  GPtrArray *looks = g_ptr_array_new_with_free_func (g_free);
  for (int i = 0; i < harness->width * harness->height; i++) {
    VTermScreenCell cell;
    guint number = 0;
    vterm_screen_get_cell (harness->screen,
                           (VTermPos){ i / harness->width, i % harness->width }, &cell);
    char *look = look_of (&cell);
    if (g_ptr_array_find_with_equal_func (looks, look, g_str_equal, &number)) {
      g_free (look);
    } else {
      number = looks->len;
      g_ptr_array_add (looks, look);
    }
    g_array_append_val (cells, number);
  }
  return looks;
}

static guint
find_commonest (const GArray *cells, guint looks)
{
  g_autofree guint *counts = g_new0 (guint, looks);
  guint best = 0;
  for (guint i = 0; i < cells->len; i++)
    counts[g_array_index (cells, guint, i)]++;
  for (guint i = 0; i < looks; i++)
    if (counts[i] > counts[best])
      best = i;
  return best;
}

char *
harness_looks (Harness *harness)
{
  g_autoptr (GArray) cells = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GPtrArray) looks = find_looks (harness, cells);
  guint commonest = find_commonest (cells, looks->len);
  GString *out = g_string_new (NULL);
  for (int y = 0; y < harness->height; y++) {
    gsize from = out->len;
    for (int x = 0; x < harness->width; x++) {
      guint look = g_array_index (cells, guint, (guint)(y * harness->width + x));
      g_string_append_c (out, look == commonest ? ' ' : (char)('a' + look));
    }
    end_line (out, from);
  }
  for (guint i = 0; i < looks->len; i++)
    g_string_append_printf (out, "%c%s\n", i == commonest ? '_' : (char)('a' + i),
                            (const char *)g_ptr_array_index (looks, i));
  return g_string_free (out, FALSE);
}

/* ---- cells ------------------------------------------------------------------------------- */

void
harness_size (const Harness *harness, int *width, int *height)
{
  *width = harness->width;
  *height = harness->height;
}

/* The colours from 16 on are a cube and a ramp, whose levels libvterm has otherwise than xterm
 * (256colres.h) and everybody after it. */
static guint32
rgb_of_index (guint index)
{
  static const guint32 levels[] = { 0, 95, 135, 175, 215, 255 };
  guint cube = index - 16;
  guint32 grey = 8 + 10 * (index - 232);
  return index >= 232
             ? grey << 16 | grey << 8 | grey
             : levels[cube / 36] << 16 | levels[cube / 6 % 6] << 8 | levels[cube % 6];
}

static guint32
rgb_of (const Harness *harness, VTermColor colour)
{
  if (VTERM_COLOR_IS_INDEXED (&colour) && colour.indexed.idx >= 16)
    return rgb_of_index (colour.indexed.idx);
  vterm_screen_convert_color_to_rgb (harness->screen, &colour);
  return (guint32)colour.rgb.red << 16 | (guint32)colour.rgb.green << 8 | colour.rgb.blue;
}

HarnessCell
harness_cell (const Harness *harness, int x, int y)
{
  VTermScreenCell cell;
  vterm_screen_get_cell (harness->screen, (VTermPos){ y, x }, &cell);
  HarnessCell seen = { .columns = MAX (cell.width, 1),
                       .fg = rgb_of (harness, cell.fg),
                       .bg = rgb_of (harness, cell.bg),
                       .bold = cell.attrs.bold,
                       .underline = cell.attrs.underline != 0 };
  g_autoptr (GString) text = g_string_new (NULL);
  append_cell (text, &cell);
  g_strlcpy (seen.text, cell.chars[0] == (guint32)-1 ? "" : text->str, sizeof seen.text);
  if (cell.attrs.reverse) {
    guint32 fg = seen.fg;
    seen.fg = seen.bg;
    seen.bg = fg;
  }
  return seen;
}

char *
harness_take_output (Harness *harness)
{
  while (pump (harness, 0))
    continue;
  char *output = g_strndup (harness->output->str, harness->output->len);
  g_string_truncate (harness->output, 0);
  return output;
}

const char *
harness_title (const Harness *harness)
{
  return harness->title;
}

gboolean
harness_is_alternate (const Harness *harness)
{
  return harness->alternate;
}

gboolean
harness_has_cursor (const Harness *harness)
{
  return harness->cursor;
}

gboolean
harness_modes_are_back (const Harness *harness)
{
  struct termios now;
  tcgetattr (harness->slave, &now);
  return now.c_iflag == harness->modes.c_iflag && now.c_oflag == harness->modes.c_oflag &&
         now.c_lflag == harness->modes.c_lflag && now.c_cflag == harness->modes.c_cflag;
}

/* ---- comparing ------------------------------------------------------------------------------ */

static void
compare (const char *seen, const char *name, const char *ending)
{
  g_autofree char *file = g_strconcat (name, ending, NULL);
  g_autofree char *path =
      g_test_build_filename (G_TEST_DIST, "tests", "screen", "data", file, NULL);
  g_autofree char *stored = NULL;
  if (g_strcmp0 (g_getenv ("HANDRAIL_SCREENS"), "write") == 0) {
    g_assert_true (g_file_set_contents (path, seen, -1, NULL));
    return;
  }
  if (!g_file_get_contents (path, &stored, NULL, NULL))
    g_error ("%s is not there; HANDRAIL_SCREENS=write writes it", path);
  if (strcmp (seen, stored) == 0)
    return;
  g_test_message ("%s is\n%s", file, seen);
  g_test_message ("and should be\n%s", stored);
  g_test_fail ();
}

void
harness_compare (Harness *harness, const char *name)
{
  g_autofree char *seen = harness_text (harness);
  compare (seen, name, ".txt");
}

void
harness_compare_looks (Harness *harness, const char *name)
{
  g_autofree char *seen = harness_looks (harness);
  compare (seen, name, ".looks");
}

gboolean
harness_looks_same (const HarnessCell *one, const HarnessCell *other)
{
  gboolean blank = strcmp (one->text, " ") == 0 && strcmp (other->text, " ") == 0;
  return one->bg == other->bg &&
         (blank || (one->fg == other->fg && one->bold == other->bold &&
                    one->underline == other->underline));
}

static GArray *
all_cells (const Harness *harness)
{
  GArray *cells = g_array_new (FALSE, FALSE, sizeof (HarnessCell));
  int width = 0, height = 0;
  harness_size (harness, &width, &height);
  for (int i = 0; i < width * height; i++) {
    HarnessCell cell = harness_cell (harness, i % width, i / width);
    g_array_append_val (cells, cell);
  }
  return cells;
}

void
harness_compare_redrawn (Harness *harness)
{
  int width = 0, height = 0;
  harness_size (harness, &width, &height);
  harness_type (harness, "\030"); /* ^X: takes a message away, and does nothing else */
  g_autofree char *seen = harness_text (harness);
  g_autoptr (GArray) cells = all_cells (harness);
  harness_type (harness, "\014");
  g_autoptr (GArray) redrawn = all_cells (harness);
  for (guint i = 0; i < cells->len; i++) {
    const HarnessCell *one = &g_array_index (cells, HarnessCell, i);
    const HarnessCell *other = &g_array_index (redrawn, HarnessCell, i);
    if (strcmp (one->text, other->text) != 0 || !harness_looks_same (one, other))
      g_error ("column %d of line %d is not what it should be in\n%s", (int)i % width,
               (int)i / width, seen);
  }
}
#endif
