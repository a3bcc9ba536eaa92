/* The field: every key of it, with the cursor written as "|". */
#include <string.h>

#include "tui/widgets/input.h"

/* Keys are written as they are typed; < > are Left and Right, [ ] Home and End, B backspace,
 * D Del, and ^W and so on stand for themselves with ^. At @ the text is marked. */
static guint32
key_of (const char **at)
{
  static const struct {
    char mark;
    guint32 code;
  } marks[] = { { '<', PRESS_LEFT }, { '>', PRESS_RIGHT },     { '[', PRESS_HOME },
                { ']', PRESS_END },  { 'B', PRESS_BACKSPACE }, { 'D', PRESS_DELETE },
                { '!', PRESS_ENTER } };
  gunichar character = g_utf8_get_char (*at);
  *at = g_utf8_next_char (*at);
  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    if ((gunichar)marks[i].mark == character)
      return marks[i].code;
  if (character != '^')
    return character;
  return KEYS_CTRL (*(*at)++);
}

static const struct {
  const char *keys, *text; /* with the cursor */
} cases[] = {
  { "abc", "abc|" },
  { "abc<<x", "ax|bc" },
  { "abc[x", "x|abc" },
  { "abc^Ax^Ey", "xabcy|" },
  { "abcBB", "a|" },
  { "B", "|" },
  { "abc[D", "|bc" },
  { "abcD", "abc|" },
  { "one two^W", "one |" },
  { "one two  ^W", "one |" },
  { "one two^W^W^W", "|" },
  { "one two<<<^U", "|two" },
  { "one two<<<<^K", "one|" },
  { "日本語<x", "日本x|語" },
  { "日本語B", "日本|" },
  { "e\xcc\x81"
    "B",
    "|" }, /* with its accent */
  { "ae\xcc\x81<x", "ax|e\xcc\x81" },
  { "a!^Xb", "ab|" }, /* keys of nobody */
  { "[<<>>>a", "a|" },
  { "abc@x", "x|" }, /* what is marked is replaced, */
  { "abc@xy", "xy|" },
  { "abc@>x", "abcx|" }, /* but for a key that says otherwise */
  { "abc@Bx", "abx|" },
  { "abc@!x", "abcx|" },
  { "@x", "x|" },
};

static char *
with_cursor (Input *input)
{
  g_autoptr (Canvas) canvas = canvas_new (40, 1, FALSE);
  int x = 0, y = 0;
  input_draw (input, canvas, canvas_area (canvas), 0, 0, 40, ROLE_INPUT);
  g_assert_true (canvas_cursor (canvas, &x, &y));
  GString *out = g_string_new (NULL);
  for (int i = 0; i < 40; i++) {
    if (i == x)
      g_string_append_c (out, '|');
    g_string_append (out, canvas_cell (canvas, i, 0)->text);
  }
  while (out->len > 0 && out->str[out->len - 1] == ' ' && out->str[out->len - 2] != '|' &&
         !strstr (out->str, " |"))
    g_string_truncate (out, out->len - 1);
  return g_string_free (out, FALSE);
}

static void
test_keys (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Input) input = input_new (100);
    for (const char *at = cases[i].keys; *at;) {
      Key key = { key_of (&at), NULL };
      if (key.code == '@')
        input_mark (input);
      else
        input_key (input, &key);
    }
    g_autofree char *seen = with_cursor (input);
    g_test_message ("%s", cases[i].keys);
    g_assert_cmpstr (g_strchomp (seen), ==, cases[i].text);
  }
}

static InputResult
press (Input *input, guint32 code)
{
  Key key = { code, code == PRESS_PASTE ? "pasted" : NULL };
  return input_key (input, &key);
}

static void
test_results (void)
{
  g_autoptr (Input) input = input_new (4);
  g_assert_cmpint (press (input, 'a'), ==, INPUT_CHANGED);
  g_assert_cmpint (press (input, PRESS_LEFT), ==, INPUT_MOVED);
  g_assert_cmpint (press (input, PRESS_ENTER), ==, INPUT_IGNORED);
  g_assert_cmpint (press (input, PRESS_UP), ==, INPUT_IGNORED);
  g_assert_cmpint (press (input, KEYS_CTRL ('X')), ==, INPUT_IGNORED);
  g_assert_cmpint (press (input, 0x202e), ==, INPUT_IGNORED); /* an override */
  g_assert_cmpint (press (input, PRESS_PASTE), ==, INPUT_PASTED);
  g_assert_cmpstr (input_text (input), ==, "a");
  g_assert_nonnull (input_refusal (INPUT_PASTED));
  g_assert_nonnull (input_refusal (INPUT_FULL));
  g_assert_null (input_refusal (INPUT_CHANGED));
}

static void
test_bound (void)
{
  g_autoptr (Input) input = input_new (4);
  g_assert_cmpint (press (input, 0x65e5), ==, INPUT_CHANGED); /* three bytes */
  g_assert_cmpint (press (input, 0x65e5), ==, INPUT_FULL);
  g_assert_cmpint (press (input, 'a'), ==, INPUT_CHANGED);
  g_assert_cmpint (press (input, 'b'), ==, INPUT_FULL);
  g_assert_cmpstr (input_text (input), ==, "日a");
  input_set_text (input, "日本語");
  g_assert_cmpstr (input_text (input), ==, "日");
}

/* A narrow field shows what is around the cursor. */
static void
test_narrow (void)
{
  g_autoptr (Input) input = input_new (100);
  g_autoptr (Canvas) canvas = canvas_new (10, 1, FALSE);
  int x = 0, y = 0;
  for (char letter = 'a'; letter <= 'z'; letter++) {
    press (input, (guint32)letter);
    canvas_clear (canvas);
    input_draw (input, canvas, canvas_area (canvas), 2, 0, 6, ROLE_INPUT);
    canvas_cursor (canvas, &x, &y);
    g_assert_cmpint (x, ==, MIN (2 + letter - 'a' + 1, 7));
  }
  g_autofree char *end = canvas_dump (canvas);
  g_assert_cmpstr (end, ==, "  vwxyz\n");
  press (input, PRESS_HOME);
  canvas_clear (canvas);
  input_draw (input, canvas, canvas_area (canvas), 2, 0, 6, ROLE_INPUT);
  g_autofree char *begin = canvas_dump (canvas);
  g_assert_cmpstr (begin, ==, "  abcde…\n");
}

/* Drawn narrow and then wide, as when a window is made larger, it is seen from its begin
 * again; and so it is when most of it was deleted. */
static void
test_widened (void)
{
  g_autoptr (Input) input = input_new (100);
  g_autoptr (Canvas) canvas = canvas_new (14, 1, FALSE);
  input_set_text (input, "prod/nginx");
  input_draw (input, canvas, canvas_area (canvas), 0, 0, 6, ROLE_INPUT);
  canvas_clear (canvas);
  input_draw (input, canvas, canvas_area (canvas), 0, 0, 14, ROLE_INPUT);
  g_autofree char *wide = canvas_dump (canvas);
  g_assert_cmpstr (wide, ==, "prod/nginx\n");
  input_draw (input, canvas, canvas_area (canvas), 0, 0, 6, ROLE_INPUT);
  for (int i = 0; i < 7; i++)
    press (input, PRESS_BACKSPACE);
  canvas_clear (canvas);
  input_draw (input, canvas, canvas_area (canvas), 0, 0, 6, ROLE_INPUT);
  g_autofree char *shorter = canvas_dump (canvas);
  g_assert_cmpstr (shorter, ==, "pro\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/input/keys", test_keys);
  g_test_add_func ("/input/results", test_results);
  g_test_add_func ("/input/bound", test_bound);
  g_test_add_func ("/input/narrow", test_narrow);
  g_test_add_func ("/input/widened", test_widened);
  return g_test_run ();
}
