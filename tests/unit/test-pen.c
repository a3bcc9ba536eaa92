/* The pen: what a terminal is told of how it draws. */
#include "tui/widgets/pen.h"

#include <string.h>

static char *
take (Pen *pen, const char *bytes)
{
  GString *out = g_string_new (NULL);
  pen_take (pen, bytes, strlen (bytes), out);
  return g_string_free (out, FALSE);
}

/* Each after the one before it, by one pen whose terminal is known to be plain. */
static const struct {
  const char *bytes, *sent;
} rows[] = {
  { "ab", "ab" },
  { "\033[31mab", "\033[31mab" },
  { "\033[31mab", "ab" },
  { "\033[39;49m\033(B\033[m", "" },
  { "\033[2;5H\033[31mab", "\033[2;5Hab" },
  { "\033[38;5;252m\033[48;5;234mab", "\033[38;5;252;48;5;234mab" },
  { "\033[38;5;110m\033[48;5;234mab", "\033[38;5;110mab" },
  { "\033(B\033[0;1m\033[38;5;110m\033[48;5;234mab", "\033[1mab" },
  { "\033(B\033[0m\033[38;5;246m\033[48;5;234mab", "\033[22;38;5;246mab" },
  { "\033[0;1;2;4mab", "\033[1;2;4;39;49mab" },
  { "\033[0;2mab", "\033[22;24;2mab" },
  { "\033[0;7mab", "\033[22;7mab" },
  { "\033[mab", "\033[mab" },
  { "\033[38;2;1;2;3m\033[48:2::4:5:6mab", "\033[38;2;1;2;3;48:2::4:5:6mab" },
  { "\033[38;2;1;2;3;1mab", "\033[1mab" },
  { "\033[22;91;101mab", "\033[22;91;101mab" },
  { "\033[mab", "\033[mab" },
  /* what moves and what sets a mode needs no look; what erases does */
  { "\033[44m\033[5G\033[3d\r\b\033[2A\033[?25l", "\033[5G\033[3d\r\b\033[2A\033[?25l" },
  { "\033[K", "\033[44m\033[K" },
  { "\033[45m\033[9P", "\033[45m\033[9P" },
  { "\033[46m\n", "\033[46m\n" },
  { "\033[42m\033M", "\033[42m\033M" },
  { "\033(0q\033(Ba", "\033(0q\033(Ba" },
  { "\033(0\033(Ba", "a" },
  { "\016q\033[m\017a", "\016q\033[m\017a" },
  { "\033[1ma\033[m\017\033[1mb\033[m\017", "\033[1mab" },
  { "a", "\033[ma" },
  /* what is not SGR, or none that is known, goes through; and afterwards all is said */
  { "\033[32m\033[>4;1m", "\033[32m\033[>4;1m" },
  { "\033[53mab", "\033[53m\033[0;32mab" },
  { "\033[1mab", "\033[1mab" },
  { "é日\033[1m本", "é日本" },
  { "\033[", "\033[" },
  { "\033", "\033" },
};

static void
test_differences (void)
{
  g_autoptr (Pen) pen = pen_new ();
  g_free (take (pen, "\033[mx"));
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *sent = take (pen, rows[i].bytes);
    g_test_message ("row %" G_GSIZE_FORMAT, i);
    g_assert_cmpstr (sent, ==, rows[i].sent);
  }
}

/* Nothing is taken for granted of a terminal on which others have drawn. */
static void
test_forgets (void)
{
  g_autoptr (Pen) pen = pen_new ();
  g_autofree char *first = take (pen, "ab");
  g_assert_cmpstr (first, ==, "\033[m\033(B\017ab");
  g_autofree char *second = take (pen, "\033[1;32mab");
  g_assert_cmpstr (second, ==, "\033[1;32mab");
  pen_forget (pen);
  g_autofree char *third = take (pen, "ab");
  g_assert_cmpstr (third, ==, "\033[0;1;32m\033(B\017ab");
  g_autofree char *fourth = take (pen, "\033[m");
  g_assert_cmpstr (fourth, ==, "");
  g_autoptr (GString) settled = g_string_new (NULL);
  pen_settle (pen, settled);
  g_assert_cmpstr (settled->str, ==, "\033[m");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pen/differences", test_differences);
  g_test_add_func ("/pen/forgets", test_forgets);
  return g_test_run ();
}
