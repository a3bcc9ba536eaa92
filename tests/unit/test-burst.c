/* What was typed and what was pasted, where nothing marks it. A row is what comes in one go: a
 * character each, "<" for the key Left; and what is made of it, "P" for a paste. */
#include <string.h>

#include "tui/widgets/burst.h"

static void
come (Burst *burst, const char *keys, gint64 now_us)
{
  for (const char *at = keys; *at; at = g_utf8_next_char (at)) {
    Key key = { *at == '<'    ? PRESS_LEFT
                : *at == '\r' ? PRESS_ENTER
                              : g_utf8_get_char (at),
                NULL };
    g_assert_true (burst_add (burst, &key));
  }
  burst_end (burst, now_us);
}

static void
expect (Burst *burst, const char *wanted)
{
  g_autoptr (GString) taken = g_string_new (NULL);
  for (Key key; burst_take (burst, &key);)
    if (key.code == PRESS_PASTE)
      g_string_append_c (taken, 'P');
    else if (key.code == PRESS_LEFT)
      g_string_append_c (taken, '<');
    else
      g_string_append_unichar (taken, key.code == PRESS_ENTER ? '\r' : key.code);
  g_assert_cmpstr (taken->str, ==, wanted);
}

static void
test_rows (void)
{
  static const char *const rows[][2] = {
    { "", "" },
    { "y", "y" },
    { "stop", "stop" },
    { "stop\r", "stop\r" },
    { "äöüß", "äöüß" },
    { "<<<<<<<<<<", "<<<<<<<<<<" }, /* a key that is held is no text */
    { "prod/nginx", "P" },
    { "prod/nginx\r", "P" },
    { "y\r\ry\r\ry\r\ry\ry\r", "P" },
    { "<prod/", "P" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (Burst) burst = burst_new ();
    come (burst, rows[i][0], 0);
    expect (burst, rows[i][1]);
    come (burst, "ab", BURST_REST_US); /* who types on is heard */
    expect (burst, "ab");
  }
}

static void
test_text (void)
{
  g_autoptr (Burst) burst = burst_new ();
  Key key;
  come (burst, "pröd/nginx\r", 0);
  g_assert_true (burst_take (burst, &key));
  g_assert_cmpuint (key.code, ==, PRESS_PASTE);
  g_assert_cmpstr (key.paste, ==, "pröd/nginx");
}

/* After a small one, a key alone was typed; several at once were not. */
static void
test_small_pieces (void)
{
  g_autoptr (Burst) burst = burst_new ();
  come (burst, "p6/ng", 1000);
  expect (burst, "P");
  come (burst, "<<<", 1001);
  expect (burst, "<<<");
  come (burst, "inx\r", 1000 + BURST_REST_US - 1);
  expect (burst, "P");
  come (burst, "y", 1000 + BURST_REST_US);
  expect (burst, "y");
  come (burst, "stop\r", 1000 + 2 * BURST_REST_US);
  expect (burst, "stop\r");
}

/* A large one comes in pieces, the last of which could have been typed. */
static void
test_pieces (void)
{
  g_autofree char *large = g_strnfill (BURST_LARGE, 'x');
  g_autoptr (Burst) burst = burst_new ();
  come (burst, large, 1000);
  expect (burst, "P");
  come (burst, "xx\r", 1000 + BURST_REST_US - 1);
  expect (burst, "P");
  come (burst, "y\r", 1000 + 2 * BURST_REST_US - 2);
  expect (burst, "P");
  come (burst, "y\r", 1000 + 3 * BURST_REST_US);
  expect (burst, "y\r");
}

static void
test_full (void)
{
  g_autoptr (Burst) burst = burst_new ();
  const Key key = { PRESS_UP, NULL };
  guint added = 1;
  while (burst_add (burst, &key))
    added++;
  g_assert_cmpuint (added, ==, BURST_KEYS_MAX);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/burst/rows", test_rows);
  g_test_add_func ("/burst/text", test_text);
  g_test_add_func ("/burst/pieces", test_pieces);
  g_test_add_func ("/burst/small-pieces", test_small_pieces);
  g_test_add_func ("/burst/full", test_full);
  return g_test_run ();
}
