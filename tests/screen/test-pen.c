/* The pen, judged by a terminal: whatever is written, it looks the same with and without. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "tests/screen/harness.h"
#include "tui/widgets/pen.h"

#ifdef HAVE_VTERM
#include <vterm.h>

#define WIDTH 20
#define HEIGHT 5
#define FRAMES 4000
#define PIECES_MAX 12

/* What curses says, and a little more; not the choice of another set of characters, which
 * libvterm takes for a whole stretch of text at once (tests/unit/test-pen.c has it). */
static const char *const pieces[] = {
  "a",
  "text ",
  "日",
  "é",
  " ",
  "\r",
  "\n",
  "\b",
  "\033[K",
  "\033[1K",
  "\033[J",
  "\033[3X",
  "\033[2P",
  "\033[2@",
  "\033[L",
  "\033[M",
  "\033[H",
  "\033[3;7H",
  "\033[4d",
  "\033[9G",
  "\033[2A",
  "\033[B",
  "\033[3C",
  "\033[D",
  "\033M",
  "\033[?25l",
  "\033[2;4r",
  "\033[r",
  "\033[m",
  "\033[0m",
  "\033(B\033[m",
  "\033[39;49m",
  "\033[1m",
  "\033[0;1m",
  "\033[4m",
  "\033[7m",
  "\033[0;1;7m",
  "\033[22m",
  "\033[24;27m",
  "\033[3m",
  "\033[31m",
  "\033[44m",
  "\033[97m",
  "\033[100m",
  "\033[39m",
  "\033[49m",
  "\033[38;5;9m",
  "\033[48;5;234m",

  "\033(B",
  "\033[38;5;252m\033[48;5;234m",
  "\033[38;2;9;8;7m",
  "\033[48;2;1;2;3;1m",
};

static VTerm *
open_terminal (VTermScreen **screen)
{
  VTerm *terminal = vterm_new (HEIGHT, WIDTH);
  vterm_set_utf8 (terminal, 1);
  *screen = vterm_obtain_screen (terminal);
  vterm_screen_reset (*screen, 1);
  return terminal;
}

static void
compare (VTermScreen *one, VTermScreen *other)
{
  for (int row = 0; row < HEIGHT; row++)
    for (int column = 0; column < WIDTH; column++) {
      VTermPos at = { row, column };
      VTermScreenCell mine, theirs;
      vterm_screen_get_cell (one, at, &mine);
      vterm_screen_get_cell (other, at, &theirs);
      for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL; i++) {
        g_assert_cmphex (mine.chars[i], ==, theirs.chars[i]);
        if (mine.chars[i] == 0)
          break;
      }
      g_assert_cmpint (mine.attrs.bold, ==, theirs.attrs.bold);
      g_assert_cmpint (mine.attrs.italic, ==, theirs.attrs.italic);
      g_assert_cmpint (mine.attrs.underline, ==, theirs.attrs.underline);
      g_assert_cmpint (mine.attrs.reverse, ==, theirs.attrs.reverse);
      g_assert_true (vterm_color_is_equal (&mine.fg, &theirs.fg));
      g_assert_true (vterm_color_is_equal (&mine.bg, &theirs.bg));
    }
}

static void
test_looks_the_same (void)
{
  g_autoptr (Pen) pen = pen_new ();
  g_autoptr (GString) written = g_string_new (NULL);
  g_autoptr (GString) sent = g_string_new (NULL);
  VTermScreen *plain_screen, *drawn_screen;
  VTerm *plain = open_terminal (&plain_screen), *drawn = open_terminal (&drawn_screen);
  gsize all_written = 0, all_sent = 0;
  for (int frame = 0; frame < FRAMES; frame++) {
    g_string_truncate (written, 0);
    g_string_truncate (sent, 0);
    for (int i = g_test_rand_int_range (1, PIECES_MAX); i > 0; i--)
      g_string_append (written, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
    pen_take (pen, written->str, written->len, sent);
    vterm_input_write (plain, written->str, written->len);
    vterm_input_write (drawn, sent->str, sent->len);
    compare (plain_screen, drawn_screen);
    all_written += written->len;
    all_sent += sent->len;
  }
  g_assert_cmpuint (all_sent, <, all_written);
  vterm_free (plain);
  vterm_free (drawn);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pen/looks-the-same", test_looks_the_same);
  return g_test_run ();
}

#else

int
main (void)
{
  harness_require ();
  return EXIT_SUCCESS;
}
#endif
