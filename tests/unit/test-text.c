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
    { { "echo", "é", "a\nb" }, "echo é 'a\\nb'" },
    { { "echo", "\xff" }, "echo '\\xFF'" },
    { { "--format={{json .}}" }, "'--format={{json .}}'" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *line = text_command (rows[i].argv);
    g_assert_cmpstr (line, ==, rows[i].line);
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
  return g_test_run ();
}
