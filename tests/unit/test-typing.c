/* Bytes as keys: characters in pieces, what is none, and pastes that do and do not end. */
#include <locale.h>
#include <string.h>

#include "tui/widgets/typing.h"

static void
expect (Typing *typing, const char *bytes, guint32 wanted)
{
  guint32 press = PRESS_NONE;
  for (const char *at = bytes; *at; at++) {
    g_assert_cmpuint (press, ==, PRESS_NONE); /* only the last byte makes it whole */
    press = typing_take (typing, *at, 0);
  }
  g_assert_cmpuint (press, ==, wanted);
}

static void
test_characters (void)
{
  g_autoptr (Typing) typing = typing_new ();
  expect (typing, "a", 'a');
  expect (typing, "\xc3\xa9", 0xe9);
  expect (typing, "\xf0\x9f\x91\xa9", 0x1f469);
  expect (typing, "\xff", PRESS_NONE);
  expect (typing, "a", 'a'); /* what is no character spoils nothing */
  expect (typing, "\xc3", PRESS_NONE);
  typing_take (typing, 'b', 0); /* the other half never came */
  expect (typing, "c", 'c');
  expect (typing, "\xed\xa0\x80", PRESS_NONE); /* a surrogate */
  g_assert_cmpuint (typing_take (typing, '\0', 0), ==, PRESS_NONE);
}

static void
test_names (void)
{
  g_autoptr (Typing) typing = typing_new ();
  expect (typing, "\r", PRESS_ENTER);
  expect (typing, "\n", PRESS_ENTER);
  expect (typing, "\t", PRESS_TAB);
  expect (typing, "\033", PRESS_ESCAPE);
  expect (typing, "\x7f", PRESS_BACKSPACE);
  expect (typing, "\b", PRESS_BACKSPACE);
  expect (typing, "\x0c", KEYS_CTRL ('L'));
}

static void
paste (Typing *typing, const char *bytes, gint64 now_us)
{
  for (const char *at = bytes; *at; at++)
    g_assert_cmpuint (typing_take (typing, *at, now_us), ==, PRESS_NONE);
}

static void
test_paste (void)
{
  g_autoptr (Typing) typing = typing_new ();
  typing_begin_paste (typing, 0);
  paste (typing, "yes\r\xff\xc3\xa9\033q", 1);
  g_assert_true (typing_end_paste (typing));
  g_assert_cmpstr (typing_pasted (typing), ==, "yes\ré\033q");
  expect (typing, "q", 'q');
  g_assert_false (typing_end_paste (typing));
}

static void
test_large_paste (void)
{
  g_autoptr (Typing) typing = typing_new ();
  typing_begin_paste (typing, 0);
  for (int i = 0; i < 3 * TYPING_PASTE_BYTES_MAX; i++)
    typing_take (typing, 'x', 0);
  g_assert_cmpuint (strlen (typing_pasted (typing)), ==, TYPING_PASTE_BYTES_MAX);
  g_assert_true (typing_end_paste (typing));
}

/* Its end got lost: after a while keys are keys again. */
static void
test_endless_paste (void)
{
  g_autoptr (Typing) typing = typing_new ();
  typing_begin_paste (typing, 0);
  paste (typing, "a", TYPING_PASTE_SILENCE_US);
  paste (typing, "b", 2 * TYPING_PASTE_SILENCE_US);
  g_assert_cmpuint (typing_take (typing, 'q', 3 * TYPING_PASTE_SILENCE_US + 1), ==, 'q');
  g_assert_false (typing_end_paste (typing));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!setlocale (LC_CTYPE, "C.UTF-8"))
    return 77;
  g_test_add_func ("/typing/characters", test_characters);
  g_test_add_func ("/typing/names", test_names);
  g_test_add_func ("/typing/paste", test_paste);
  g_test_add_func ("/typing/large-paste", test_large_paste);
  g_test_add_func ("/typing/endless-paste", test_endless_paste);
  return g_test_run ();
}
