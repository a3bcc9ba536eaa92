/* The ground of the full screen, seen through the demonstration of its parts: what is drawn,
 * how it looks in each kind of terminal, and how the terminal is left. */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/screen/harness.h"
#include "tests/screen/terminals.h"

#define DEMO "tests/screen/demo"
#define DEMO_ARGUMENTS_MAX 10

/* Starts it with these arguments more (NULL: none), and waits until it is drawn. */
static Harness *
start (int width, int height, const char *const *more, const char *const *environment)
{
  const char *argv[DEMO_ARGUMENTS_MAX] = { DEMO };
  for (guint i = 0; more && more[i]; i++)
    argv[i + 1] = more[i];
  Harness *harness = harness_start (width, height, argv, environment);
  harness_idle (harness);
  return harness;
}

/* ---- whole screens --------------------------------------------------------------------- */

static void
test_sizes (void)
{
  static const int sizes[][2] = { { 60, 18 }, { 80, 24 }, { 120, 36 }, { 200, 60 } };
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (Harness) harness = start (sizes[i][0], sizes[i][1], NULL, NULL);
    g_autofree char *name = g_strdup_printf ("demo-%dx%d", sizes[i][0], sizes[i][1]);
    harness_compare (harness, name);
  }
}

static void
test_themes (void)
{
  static const char *const themes[] = { "dark", "light", "contrast", "mono" };
  for (gsize i = 0; i < G_N_ELEMENTS (themes); i++) {
    const char *const more[] = { "--theme", themes[i], "--production", NULL };
    g_autoptr (Harness) harness = start (120, 36, more, NULL);
    g_autofree char *name = g_strdup_printf ("demo-%s", themes[i]);
    harness_type (harness, "j");
    harness_compare_looks (harness, name);
  }
}

/* Terminals of few colours, of many, or none. */
static void
test_colours (void)
{
  g_autofree char *folder = terminals_compile ();
  if (!folder)
    return;
  g_autofree char *terminfo = g_strconcat ("TERMINFO=", folder, NULL);
  static const char *const kinds[][2] = {
    { "demo-16", "TERM=handrail-16color" },
    { "demo-8", "TERM=xterm" },
    { "demo-direct", "TERM=handrail-direct" },
    { "demo-no-color", "NO_COLOR=1" },
    { "demo-vt100", "TERM=vt100" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    const char *const more[] = { "--production", NULL };
    const char *const environment[] = { kinds[i][1], terminfo, NULL };
    g_autoptr (Harness) harness = start (80, 24, more, environment);
    harness_type (harness, "j");
    harness_compare_looks (harness, kinds[i][0]);
  }
  terminals_remove (folder);
}

static void
check_ascii (Harness *harness)
{
  g_autofree char *seen = harness_text (harness);
  for (const char *at = seen; *at; at++)
    if ((guchar)*at >= 0x80)
      g_error ("not ASCII: %s", at);
}

static void
test_ascii (void)
{
  static const char *const locale[] = { "LANG=C", NULL };
  static const char *const mono[] = { "--theme", "mono", NULL };
  static const char *const asked[] = { "--theme", "mono", "--ascii", NULL };
  g_autoptr (Harness) one = start (120, 36, mono, locale);
  g_autoptr (Harness) other = start (120, 36, asked, NULL);
  harness_compare (one, "demo-ascii");
  harness_compare (other, "demo-ascii");
  check_ascii (one);
  harness_type (one, "?");
  check_ascii (one);
}

static void
test_help (void)
{
  g_autoptr (Harness) harness = start (80, 24, NULL, NULL);
  harness_type (harness, "?");
  harness_compare (harness, "demo-help");
  harness_type (harness, "?");
  harness_compare (harness, "demo-80x24");
  harness_type (harness, "\033OP"); /* F1 */
  harness_compare (harness, "demo-help");
  harness_type (harness, "\033");
  harness_compare (harness, "demo-80x24");
  harness_type (harness, "?");
  harness_type (harness, "q");
  harness_compare (harness, "demo-80x24");
  harness_resize (harness, 60, 18);
  harness_type (harness, "?");
  harness_type (harness, "G");
  harness_compare (harness, "demo-help-end");
}

static void
test_too_small (void)
{
  g_autoptr (Harness) harness = start (59, 18, NULL, NULL);
  harness_compare (harness, "demo-too-small");
  harness_type (harness, "q"); /* nobody sees what it would do */
  harness_compare (harness, "demo-too-small");
  harness_resize (harness, 60, 18);
  harness_compare (harness, "demo-60x18");
  harness_resize (harness, 60, 17);
  harness_send (harness, "\003");
  int status = harness_end (harness);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 1);
}

/* ---- the list, the field, the pager ------------------------------------------------------ */

static void
test_list (void)
{
  static const char *const more[] = { "--rows", "5000", NULL };
  g_autoptr (Harness) harness = start (120, 24, more, NULL);
  for (int i = 0; i < 30; i++)
    harness_type (harness, i % 2 ? "j" : "\033OB");
  harness_compare (harness, "demo-list");
  harness_type (harness, "G");
  harness_compare (harness, "demo-list-end");
  harness_type (harness, "\033[5~"); /* PgUp */
  harness_type (harness, "g");
  harness_type (harness, "kkk");
  harness_compare_looks (harness, "demo-list-begin");
}

static void
test_field (void)
{
  g_autoptr (Harness) harness = start (80, 24, NULL, NULL);
  g_assert_false (harness_has_cursor (harness));
  harness_type (harness, "n");
  g_assert_true (harness_has_cursor (harness));
  harness_type (harness, "q?s");       /* keys are text now */
  harness_type (harness, "\033[D");    /* Left, the other way that terminals send it */
  harness_type (harness, "\033[1;9Z"); /* keys that nobody knows */
  harness_type (harness, "\033[[A");
  harness_type (harness, "\033O!");
  harness_type (harness, "\xc3\xa9"); /* é */
  harness_compare (harness, "demo-field");
  harness_type (harness, "\xc3");
  harness_type (harness, "\xa9"); /* in two pieces */
  harness_type (harness, "\r");
  harness_expect (harness, "Noted: q?éés");
  g_assert_false (harness_has_cursor (harness));
  harness_type (harness, "n");
  harness_type (harness, "\r"); /* an empty one does nothing */
  g_assert_true (harness_has_cursor (harness));
  harness_type (harness, "\033");
  harness_compare (harness, "demo-80x24");
}

static void
test_paste (void)
{
  g_autoptr (Harness) harness = start (80, 24, NULL, NULL);
  harness_type (harness, "n");
  harness_type (harness, "\033[200~yes\rtines-app\r\033[201~");
  harness_compare (harness, "demo-paste");
  harness_type (harness, "a"); /* the message goes, and typing goes on */
  harness_type (harness, "\033");
  harness_compare (harness, "demo-80x24");
  harness_type (harness, "\033[200~q\033[201~"); /* no key is pressed by pasting it */
  harness_expect (harness, "Pasted text is not taken here");
  g_autoptr (GString) large = g_string_new ("\033[200~");
  for (int i = 0; i < 20000; i++)
    g_string_append (large, "q\r\xff\033[A");
  g_string_append (large, "\033[201~");
  harness_type (harness, large->str);
  harness_expect (harness, "Pasted text is not taken here");
  harness_type (harness, "n");
  g_assert_true (harness_has_cursor (harness));
}

/* A terminal that does not mark what is pasted: it is what comes faster than anyone types. */
static void
test_paste_unmarked (void)
{
  static const char *const kinds[] = { "TERM=vt100", "TERM=screen" };
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    const char *const environment[] = { kinds[i], NULL };
    g_autoptr (Harness) harness = start (80, 24, NULL, environment);
    g_autoptr (GString) large = g_string_new (NULL);
    harness_type (harness, "jjjjjjjj"); /* a key that is held, no text */
    harness_expect (harness, "waiting for the queues");
    harness_type (harness, "n");
    harness_type (harness, "yes\rtines-app\r");
    harness_expect (harness, "Pasted text is not taken: type it");
    for (const char *at = "tines"; *at; at++) { /* by hand: one after the other */
      const char key[] = { *at, '\0' };
      harness_type (harness, key);
    }
    harness_type (harness, "\033OD\033OD\033OD\033OD\033OD\033OD"); /* Left, held */
    for (int j = 0; j < 1000; j++)
      g_string_append (large, "yes\r");
    harness_type (harness, large->str);
    harness_expect (harness, "Pasted text is not taken: type it");
    harness_compare (harness, "demo-paste-unmarked");
  }
}

/* A question comes up by "n": what was typed before it stood there is not its answer. */
static void
test_typed_ahead (void)
{
  g_autoptr (Harness) harness = start (80, 24, NULL, NULL);
  harness_type (harness, "nyes\r");
  g_assert_true (harness_has_cursor (harness));
  harness_type (harness, "no");
  harness_compare (harness, "demo-typed-ahead");
}

static char *
write_log (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (int i = 0; i < 1000; i++)
    g_string_append_printf (text, "line %d\n", i);
  g_string_append (text, "\033[31mred\033[0m \033[1;32mbold green\033[0m\n"
                         "\033]0;title\a\033[2Jwiped? \033[10Ano\n"
                         "10 %\r20 %\rthe end of it\n");
  char *path = NULL;
  int file = g_file_open_tmp ("screen-log-XXXXXX", &path, NULL);
  g_assert_cmpint (write (file, text->str, text->len), ==, (gssize)text->len);
  close (file);
  return path;
}

static void
test_pager (void)
{
  g_autofree char *path = write_log ();
  const char *const more[] = { "--file", path, NULL };
  g_autoptr (Harness) harness = start (80, 24, more, NULL);
  harness_type (harness, "l");
  harness_compare (harness, "demo-pager");
  harness_compare_looks (harness, "demo-pager");
  g_assert_cmpstr (harness_title (harness), ==, "handrail: Shut down Tines");
  harness_type (harness, "/");
  harness_type (harness, "line 50");
  harness_type (harness, "\r");
  harness_type (harness, "n");
  harness_compare (harness, "demo-pager-found");
  harness_compare_looks (harness, "demo-pager-found");
  harness_type (harness, "G");
  harness_type (harness, "n");
  harness_type (harness, "q");
  harness_compare (harness, "demo-80x24");
  g_unlink (path);
}

/* ---- names that would like to be elsewhere ------------------------------------------------ */

static void
test_names (void)
{
  g_autofree char *long_name = g_strnfill (4096, 'x');
  const char *const names[][2] = {
    { "demo-name-escapes", "\033[2J\033[1;1H\033]0;evil\a\033[31mred" },
    { "demo-name-long", long_name },
    { "demo-name-right-to-left", "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xe2\x80\xae olleh" },
    { "demo-name-wide", "日本語の名前がとても長い" },
    { "demo-name-bytes", "a\xff\xfe\xc3(\x80" },
    { "demo-name-emoji",
      "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb\xe2\x9d\xa4\xef\xb8\x8f x" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    const char *const more[] = { "--name", names[i][1], NULL };
    g_autoptr (Harness) harness = start (80, 24, more, NULL);
    harness_compare (harness, names[i][0]);
    g_assert_cmpstr (harness_title (harness), ==, "handrail: Shut down Tines");
  }
}

/* What something else has written over it goes with one key, and so does how it wrote. */
static void
test_redraw (void)
{
  static const char *const scribbles[] = { "\033[7mwall", "\033[4;31m\033[5;5Hwall",
                                           "\033[41m", "\033[1;1H\033[1mbroadcast" };
  g_autoptr (Harness) harness = start (80, 24, NULL, NULL);
  g_autofree char *text = harness_text (harness);
  g_autofree char *looks = harness_looks (harness);
  for (gsize i = 0; i < G_N_ELEMENTS (scribbles); i++) {
    harness_scribble (harness, scribbles[i]);
    harness_type (harness, "\014");
    g_autofree char *text_again = harness_text (harness);
    g_autofree char *looks_again = harness_looks (harness);
    g_assert_cmpstr (text_again, ==, text);
    g_assert_cmpstr (looks_again, ==, looks);
  }
}

/* ---- what is drawn little by little --------------------------------------------------------- */

#define WALK_KEYS 160
#define WALK_COMPARED 8

/* Keys by chance, always the same ones: what has come of changes is what all of it drawn at
 * once is. */
static void
walk (const char *theme, const char *name, const char *file)
{
  static const char *const keys[] = { "j",       "j", "k",  "G", "g",    "\033[6~",
                                      "\033[5~", "n", "l",  "?", "\033", "\033",
                                      "/",       "x", "\r", "p" };
  const char *const more[] = { "--theme", theme,    "--name", name, "--file",
                               file,      "--rows", "40",     NULL };
  g_autoptr (Harness) harness = start (100, 30, more, NULL);
  g_autoptr (GRand) chance = g_rand_new_with_seed (30);
  for (int i = 1; i <= WALK_KEYS; i++) {
    harness_type (harness, keys[g_rand_int_range (chance, 0, G_N_ELEMENTS (keys))]);
    if (i % WALK_COMPARED == 0)
      harness_compare_redrawn (harness);
  }
}

static void
test_walk (void)
{
  g_autofree char *path = write_log ();
  walk ("dark", "日本語の名前がとても長い", path);
  walk ("contrast", "default", path);
  walk ("mono", "日本語", path);
  g_unlink (path);
}

/* ---- the terminal --------------------------------------------------------------------------- */

static void
test_resize_storm (void)
{
  static const int sizes[][2] = { { 1, 1 },     { 300, 100 }, { 2, 50 },  { 300, 1 },
                                  { 1, 100 },   { 60, 18 },   { 59, 17 }, { 120, 36 },
                                  { 133, 2 },   { 100, 30 },  { 99, 30 }, { 61, 19 },
                                  { 300, 100 }, { 1, 1 },     { 80, 24 } };
  static const char *const more[] = { "--rows", "5000", "--name", "日本語", NULL };
  static const char *const keys[] = { "j", "n", "x", "\033", "?", "\033", "l", "\033" };
  g_autoptr (Harness) harness = start (80, 24, more, NULL);
  for (int round = 0; round < 4; round++)
    for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
      harness_resize (harness, sizes[i][0], sizes[i][1]);
      harness_type (harness, keys[((gsize)round + i) % G_N_ELEMENTS (keys)]);
    }
  harness_type (harness, "\033");
  harness_type (harness, "\033");
  harness_resize (harness, 120, 36);
  harness_resize (harness, 80, 24);
  g_autofree char *seen = harness_text (harness);
  g_assert_nonnull (strstr (seen, "Shut down Tines"));
  g_assert_nonnull (strstr (seen, "日本語"));
}

/* The terminal was smaller for a moment, and has forgotten what it could not hold. */
static void
test_resize_briefly (void)
{
  g_autoptr (Harness) harness = start (120, 36, NULL, NULL);
  g_autofree char *before = harness_text (harness);
  for (int i = 0; i < 10; i++) {
    harness_resize_briefly (harness, 60, 18);
    harness_type (harness, "\030"); /* also where the program did see both */
    g_autofree char *after = harness_text (harness);
    g_assert_cmpstr (after, ==, before);
  }
}

/* Nothing has changed: no byte. A key that moves the selection: few. */
static void
test_bytes (void)
{
  g_autoptr (Harness) harness = start (120, 36, NULL, NULL);
  g_autofree char *first = harness_take_output (harness);
  g_assert_cmpuint (strlen (first), <, 6500);
  harness_type (harness, "k"); /* at the top already */
  g_autofree char *nothing = harness_take_output (harness);
  g_assert_cmpstr (nothing, ==, "");
  harness_type (harness, "j");
  g_autofree char *step = harness_take_output (harness);
  g_assert_cmpuint (strlen (step), >, 0);
  g_assert_cmpuint (strlen (step), <=, 300);
  harness_type (harness, "\014"); /* ^L */
  g_autofree char *again = harness_take_output (harness);
  g_assert_cmpuint (strlen (again), >, 1000);
}

static void
check_given_back (Harness *harness, const char *output)
{
  g_assert_false (harness_is_alternate (harness));
  g_assert_true (harness_has_cursor (harness));
  g_assert_true (harness_modes_are_back (harness));
  g_assert_nonnull (strstr (output, "\033[?2004l")); /* pasting is no longer marked */
  g_assert_nonnull (strstr (output, "\033[8h"));
  g_assert_nonnull (strstr (output, "\033[23;2t")); /* the title is back */
  g_assert_nonnull (strstr (output, "\033[?1l"));   /* and the arrows */
}

static void
test_end (void)
{
  static const struct {
    int number; /* 0: by a key */
    gboolean by_signal;
    int status;
  } ends[] = {
    { 0, FALSE, 3 },
    { SIGTERM, FALSE, 1 },
    { SIGHUP, FALSE, 1 },
    { SIGINT, FALSE, 1 },
    { SIGSEGV, TRUE, SIGSEGV },
    { SIGABRT, TRUE, SIGABRT },
    { SIGBUS, TRUE, SIGBUS },
    { SIGQUIT, TRUE, SIGQUIT },
    { SIGXCPU, TRUE, SIGXCPU },
    { SIGUSR1, TRUE, SIGUSR1 },
    { SIGALRM, TRUE, SIGALRM },
    { SIGSYS, TRUE, SIGSYS },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++) {
    g_autoptr (Harness) harness = start (80, 24, NULL, NULL);
    g_assert_true (harness_is_alternate (harness));
    g_assert_false (harness_modes_are_back (harness));
    g_free (harness_take_output (harness));
    if (ends[i].number)
      harness_signal (harness, ends[i].number);
    else
      harness_send (harness, "q");
    int status = harness_end (harness);
    g_autofree char *output = harness_take_output (harness);
    g_test_message ("signal %d", ends[i].number);
    check_given_back (harness, output);
    g_assert_cmpint (WIFSIGNALED (status) ? WTERMSIG (status) : WEXITSTATUS (status), ==,
                     ends[i].status);
    g_assert_true (WIFSIGNALED (status) == ends[i].by_signal);
  }
}

/* A terminal whose entry is missing here is drawn as its like, and that is said. */
static void
test_stand_in (void)
{
  static const char *const ways[][2] = {
    { "TERM=xterm-nowhere-direct", "The terminal xterm-nowhere-direct is not known on "
                                   "this host: drawn as xterm-256color"
                                   ", its entry is in ncurses-term" },
    { "TERM=tmux-nowhere-16color",
      "The terminal tmux-nowhere-16color is not known on this host: drawn as tmux, its "
      "entry is in ncurses-term" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++) {
    const char *const environment[] = { ways[i][0], NULL };
    g_autoptr (Harness) harness = start (160, 24, NULL, environment);
    harness_expect (harness, ways[i][1]);
    g_assert_true (harness_is_alternate (harness));
    harness_resize (harness, 80, 24);
    harness_expect (harness, "its entry is");
    harness_expect (harness, " ncurses-term");
  }
}

static void
test_copy (void)
{
  g_autoptr (Harness) harness = start (80, 24, NULL, NULL);
  g_free (harness_take_output (harness));
  harness_type (harness, "y");
  g_autofree char *output = harness_take_output (harness);
  g_autofree char *encoded =
      g_base64_encode ((const guchar *)"docker compose stop tines-sidekiq", 33);
  g_autofree char *wanted = g_strdup_printf ("\033]52;c;%s\a", encoded);
  g_assert_nonnull (strstr (output, wanted));
  static const char *const old[] = { "TERM=vt100", NULL };
  g_autoptr (Harness) vt100 = start (80, 24, NULL, old);
  harness_type (vt100, "y");
  harness_expect (vt100, "no clipboard");
  g_autofree char *all = harness_take_output (vt100);
  g_assert_null (strstr (all, "\033]")); /* it would be shown there */
  g_assert_null (strstr (all, "?2004"));
}

/* While it is stopped the title is the shell's, which may set another; and back. */
static void
check_title (Harness *harness, int round)
{
  g_autofree char *set = g_strdup_printf (
      "printf '\\033]2;%%s\\a' other; echo set $((round + %d))\r", round);
  g_autofree char *said = g_strdup_printf ("set %d", round);
  g_autofree char *stopped = harness_take_output (harness);
  g_assert_nonnull (strstr (stopped, "\033[23;2t"));
  harness_send (harness, set);
  harness_expect (harness, said);
  g_assert_cmpstr (harness_title (harness), ==, "other");
  harness_send (harness, "fg\r");
  harness_expect (harness, "waiting for the queues");
  g_assert_cmpstr (harness_title (harness), ==, "handrail: Shut down Tines");
  g_autofree char *back = harness_take_output (harness);
  g_assert_nonnull (strstr (back, "\033[22;2t"));
}

/* In a shell with job control: stopped, the shell has its terminal; and back. */
static void
test_suspend (void)
{
  g_autofree char *demo = g_test_build_filename (G_TEST_BUILT, DEMO, NULL);
  static const char *const argv[] = { "/bin/bash", "--norc", "--noprofile", "-i", NULL };
  static const char *const prompt[] = { "PS1=ready> ", "PS0=", NULL };
  g_autoptr (Harness) harness = harness_start (80, 24, argv, prompt);
  g_autofree char *command = g_strconcat (demo, "; echo it ended with $?\r", NULL);
  harness_expect (harness, "ready>");
  harness_send (harness, command);
  harness_expect (harness, "waiting for the queues");
  for (int round = 0; round < 2; round++) {
    harness_send (harness, "\032");
    harness_expect (harness, "[1]+  Stopped");
    g_assert_false (harness_is_alternate (harness));
    g_assert_true (harness_has_cursor (harness));
    check_title (harness, round);
    g_assert_true (harness_is_alternate (harness));
    g_assert_false (harness_has_cursor (harness));
  }
  /* Stopped without a word: the shell takes the terminal's modes, too. */
  harness_signal (harness, SIGSTOP);
  harness_expect (harness, "[1]+  Stopped");
  harness_expect (harness, "ready>");
  harness_type (harness, "stty sane; fg\r");
  harness_expect (harness, "waiting for the queues");
  g_assert_false (harness_modes_are_back (harness));
  harness_compare (harness, "demo-80x24");
  harness_type (harness, "n");
  harness_expect (harness, "Note");
  harness_type (harness, "\033");
  harness_expect (harness, "q stop");
  harness_send (harness, "q");
  harness_expect (harness, "it ended with");
}

/* Continued by somebody else after a stop that nobody announced. */
static void
test_continued (void)
{
  g_autoptr (Harness) harness = start (80, 24, NULL, NULL);
  int status = 0;
  harness_signal (harness, SIGSTOP);
  g_assert_cmpint (waitpid (harness_pid (harness), &status, WUNTRACED), >, 0);
  g_assert_true (WIFSTOPPED (status));
  g_free (harness_take_output (harness));
  harness_signal (harness, SIGCONT);
  harness_idle (harness);
  g_autofree char *output = harness_take_output (harness);
  g_assert_nonnull (strstr (output, "\033[?2004h"));
  harness_compare (harness, "demo-80x24");
}

static void
test_no_terminal (void)
{
  g_autofree char *demo = g_test_build_filename (G_TEST_BUILT, DEMO, NULL);
  const char *const argv[] = { "/bin/sh", "-c", "\"$0\" < /dev/null", demo, NULL };
  g_autoptr (Harness) harness = harness_start (80, 24, argv, NULL);
  harness_expect (harness, "the full screen needs a terminal; use --plain");
  static const char *const unknown[] = { "TERM=nobody-knows", NULL };
  const char *const plain[] = { DEMO, NULL };
  g_autoptr (Harness) other = harness_start (80, 24, plain, unknown);
  harness_expect (other, "is not known on this host");
  static const char *const dumb[] = { "TERM=dumb", NULL };
  g_autoptr (Harness) third = harness_start (80, 24, plain, dumb);
  harness_expect (third, "cannot place its cursor; use --plain");
}

int
main (int argc, char **argv)
{
  harness_require ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/demo/sizes", test_sizes);
  g_test_add_func ("/demo/themes", test_themes);
  g_test_add_func ("/demo/colours", test_colours);
  g_test_add_func ("/demo/ascii", test_ascii);
  g_test_add_func ("/demo/help", test_help);
  g_test_add_func ("/demo/too-small", test_too_small);
  g_test_add_func ("/demo/list", test_list);
  g_test_add_func ("/demo/field", test_field);
  g_test_add_func ("/demo/paste", test_paste);
  g_test_add_func ("/demo/paste-unmarked", test_paste_unmarked);
  g_test_add_func ("/demo/typed-ahead", test_typed_ahead);
  g_test_add_func ("/demo/pager", test_pager);
  g_test_add_func ("/demo/names", test_names);
  g_test_add_func ("/demo/redraw", test_redraw);
  g_test_add_func ("/demo/walk", test_walk);
  g_test_add_func ("/demo/resize-storm", test_resize_storm);
  g_test_add_func ("/demo/resize-briefly", test_resize_briefly);
  g_test_add_func ("/demo/bytes", test_bytes);
  g_test_add_func ("/demo/end", test_end);
  g_test_add_func ("/demo/stand-in", test_stand_in);
  g_test_add_func ("/demo/copy", test_copy);
  g_test_add_func ("/demo/suspend", test_suspend);
  g_test_add_func ("/demo/continued", test_continued);
  g_test_add_func ("/demo/no-terminal", test_no_terminal);
  return g_test_run ();
}
