#include "core/base/text.h"

typedef struct {
  const char *bytes;
  gssize length;
  const char *line;
  const char *lines;
} Printable;

static const Printable printables[] = {
  { "plain", -1, "plain", "plain" },
  { "", -1, "", "" },
  { "Очередь ☃", -1, "Очередь ☃", "Очередь ☃" },
  { "a\nb\tc", -1, "a\\nb\\tc", "a\nb\\tc" },
  { "a\r\nb\rc\r", -1, "a\\x0D\\nb\\x0Dc\\x0D", "a\nb\\x0Dc\\x0D" },
  { "\033[2J\x7f", -1, "\\x1B[2J\\x7F", "\\x1B[2J\\x7F" },
  { "a\0b", 3, "a\\x00b", "a\\x00b" },
  { "abc", 2, "ab", "ab" },
  { "\xff\xc3(", -1, "\\xFF\\xC3(", "\\xFF\\xC3(" },
  { "\xc3\xa9", 1, "\\xC3", "\\xC3" },
  { "\xc0\x80", -1, "\\xC0\\x80", "\\xC0\\x80" },
  { "\xed\xa0\x80", -1, "\\xED\\xA0\\x80", "\\xED\\xA0\\x80" },
  { "\xc2\x85", -1, "\\u{0085}", "\\u{0085}" },
  { "\xc2\x9b"
    "2J",
    -1, "\\u{009B}2J", "\\u{009B}2J" },
  { "\u200e\u200f", -1, "\\u{200E}\\u{200F}", "\\u{200E}\\u{200F}" },
  { "\u202a\u202e", -1, "\\u{202A}\\u{202E}", "\\u{202A}\\u{202E}" },
  { "\u2066\u2069", -1, "\\u{2066}\\u{2069}", "\\u{2066}\\u{2069}" },
  { "\ufeff", -1, "\\u{FEFF}", "\\u{FEFF}" },
  { "a\u00adb\u200bc\u2063", -1, "a\\u{00AD}b\\u{200B}c\\u{2063}",
    "a\\u{00AD}b\\u{200B}c\\u{2063}" },
  { "\u3164\U000E0101", -1, "\\u{3164}\\u{E0101}", "\\u{3164}\\u{E0101}" },
  { "e\u0301 \u26a0\ufe0f", -1, "e\u0301 \u26a0\ufe0f", "e\u0301 \u26a0\ufe0f" },
};

static void
test_printable (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (printables); i++) {
    const Printable *row = &printables[i];
    g_autofree char *line = text_printable (row->bytes, row->length);
    g_autofree char *lines = text_printable_lines (row->bytes, row->length);
    g_assert_cmpstr (line, ==, row->line);
    g_assert_cmpstr (lines, ==, row->lines);
  }
}

static void
test_cut_middle (void)
{
  static const struct {
    const char *text;
    guint characters;
    const char *cut;
  } rows[] = {
    { "abc", 3, "abc" },    { "abcd", 3, "a…d" },     { "abcdef", 4, "ab…f" },
    { "abcdef", 0, "a…f" }, { "привет", 5, "пр…ет" }, { "", 5, "" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *cut = text_cut_middle (rows[i].text, rows[i].characters);
    g_assert_cmpstr (cut, ==, rows[i].cut);
  }
}

static void
test_nearest (void)
{
  static const char *const keys[] = {
    "confirm", "record", "require", "do", "undo", NULL
  };
  static const struct {
    const char *word, *nearest;
  } rows[] = {
    { "confrim", "confirm" },  { "conform", "confirm" }, { "reqire", "require" },
    { "requiers", "require" }, { "unod", "undo" },       { "dp", NULL },
    { "zebra", NULL },         { "do", "do" },           { "", NULL },
    { "\xff", NULL },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpstr (text_nearest (rows[i].word, keys), ==, rows[i].nearest);
}

static void
test_nearest_is_bounded (void)
{
  g_autofree char *word = g_strnfill (100000, 'a');
  const char *const keys[] = { word, NULL };
  g_assert_null (text_nearest (word, keys));
  word[64] = '\0';
  g_autofree char *longer = g_strconcat (word, "bc", NULL);
  const char *const longer_keys[] = { longer, NULL };
  g_assert_cmpstr (text_nearest (word, longer_keys), ==, longer);
}

static void
test_list (void)
{
  static const char *const words[] = { "a", "b", "c", NULL };
  static const char *const wanted[] = { "a, b or c", "b or c", "c", "" };
  for (gsize i = 0; i < G_N_ELEMENTS (wanted); i++) {
    g_autofree char *list = text_list (words + i, "or");
    g_assert_cmpstr (list, ==, wanted[i]);
  }
}

static void
test_command (void)
{
  static const struct {
    const char *argv[4];
    const char *line;
  } rows[] = {
    { { "docker", "compose", "stop" }, "docker compose stop" },
    { { "echo", "", "a b" }, "echo '' 'a b'" },
    { { "echo", "it's", "$(id)" }, "echo 'it'\\''s' '$(id)'" },
    { { "env", "A=b", "~/x" }, "env A=b '~/x'" },
    { { "A=b", "x" }, "'A=b' x" },
    { { "echo", "é", "a\nb" }, "echo é $'a\\nb'" },
    { { "echo", "a\\nb" }, "echo 'a\\nb'" },
    { { "echo", "it's\t\\" }, "echo $'it\\'s\\t\\\\'" },
    { { "echo", "\xff" }, "echo $'\\xFF'" },
    { { "stop", "we\u200bb", "a\u00a0b" }, "stop $'we\\xE2\\x80\\x8Bb' $'a\\xC2\\xA0b'" },
    { { "--format={{json .}}" }, "'--format={{json .}}'" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *line = text_command (rows[i].argv);
    g_assert_cmpstr (line, ==, rows[i].line);
  }
}

/* What is copied into a shell has to be the same command there. */
static void
test_command_round_trip (void)
{
  static const char *const arguments[] = {
    "a\nb",
    "a\\nb",
    "it's\n\\",
    "\t\r\001\033[2J\177",
    "\xff\xfe'",
    "we\u200bb",
    "é",
    "\u202eabc",
    "$HOME `id` \"x\"",
    "\u00a0 \u3000",
    "\n0\x01\x31",
    "",
    "e\u0301\ufe0f\n",
    "*?[a]{1,2}~!#",
    "*?!\n'\"$(id)`id`\\",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (arguments); i++) {
    const char *argv[] = { "printf", "%s", arguments[i], NULL };
    g_autofree char *line = text_command (argv);
    const char *shell[] = { "bash", "-c", line, NULL };
    g_autofree char *said = NULL;
    int status = -1;
    g_assert_true (g_spawn_sync (NULL, (char **)shell, NULL, G_SPAWN_SEARCH_PATH, NULL,
                                 NULL, &said, NULL, &status, NULL));
    g_assert_cmpint (status, ==, 0);
    g_assert_cmpstr (said, ==, arguments[i]);
    g_autofree char *shown = text_printable (line, -1);
    g_assert_cmpstr (shown, ==, line);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text/printable", test_printable);
  g_test_add_func ("/text/cut-middle", test_cut_middle);
  g_test_add_func ("/text/nearest", test_nearest);
  g_test_add_func ("/text/nearest-is-bounded", test_nearest_is_bounded);
  g_test_add_func ("/text/list", test_list);
  g_test_add_func ("/text/command", test_command);
  g_test_add_func ("/text/command-round-trip", test_command_round_trip);
  return g_test_run ();
}
