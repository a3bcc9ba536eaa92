/* The pager: lines of any length and number, forwards as backwards, and what a program may
 * do to the lines it prints. */
#include <string.h>

#include "tui/widgets/pager.h"
#include "tui/widgets/pager_line.h"

/* ---- lines ----------------------------------------------------------------------- */

static const struct {
  const char *name, *bytes, *text;
} lines[] = {
  { "plain", "abc\n", "abc" },
  { "colour", "a\033[31mb\033[0mc\n", "abc" },
  { "progress", "10 %\r20 %\r30 %\n", "30 %" },
  { "progress, and a return at its end", "10 %\r20 %\r\r\n", "20 %" },
  { "tab", "a\tb\n", "a       b" },
  { "title", "a\033]0;evil\ab\n", "ab" },
  { "title, other end", "a\033]0;evil\033\\b\n", "ab" },
  { "title without an end", "a\033]0;evil\n", "a" },
  { "device control", "a\033Pq#0\033\\b\n", "ab" },
  { "cursor", "a\033[2J\033[1;1Hb\033[?25lc\n", "abc" },
  { "not a colour", "a\033[>4;2mb\033[?1mc\n", "abc" },
  { "character set", "a\033(0b\n", "ab" },
  { "reset", "a\033cb\n", "ab" },
  { "cut short", "a\033", "a" },
  { "cut short later", "a\033[31", "a" },
  { "bell and backspace", "a\a\bb\n", "ab" },
  { "not UTF-8",
    "a\xff"
    "b\n",
    "a\\xFF"
    "b" },
  { "C1 control",
    "a\xc2\x9b"
    "31mb\n",
    "a\\u{009B}31mb" },
  { "override",
    "a\xe2\x80\xae"
    "b\n",
    "a\\u{202E}b" },
};

static void
test_lines (void)
{
  g_autoptr (PagerLine) line = pager_line_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_test_message ("%s", lines[i].name);
    pager_line_read (line, lines[i].bytes, strlen (lines[i].bytes), 80);
    g_assert_cmpstr (line->text->str, ==, lines[i].text);
  }
  pager_line_read (line, "a\0b", 3, 80);
  g_assert_cmpstr (line->text->str, ==, "ab");
}

/* Styles as text: begin, attributes, colour. */
static char *
styles_of (const char *bytes)
{
  g_autoptr (PagerLine) line = pager_line_new ();
  g_autoptr (GString) out = g_string_new (NULL);
  pager_line_read (line, bytes, strlen (bytes), 80);
  for (guint i = 0; i < line->styles->len; i++) {
    const PagerStyle *style = &g_array_index (line->styles, PagerStyle, i);
    g_string_append_printf (out, "%s%u:%u:%d", i > 0 ? " " : "", style->begin,
                            style->attributes, style->colour);
  }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
test_styles (void)
{
  static const char *const cases[][2] = {
    { "ab", "0:0:-1" },
    { "a\033[31mb\033[mc", "0:0:-1 1:0:1 2:0:-1" },
    { "\033[1;94ma\033[22mb", "0:1:12 1:0:12" },
    { "\033[38;5;208ma", "0:0:208" },
    { "\033[38;2;255;0;0ma", "0:0:196" },
    { "\033[38:5:208ma", "0:0:208" },
    { "\033[48;5;1;31ma", "0:0:1" },
    { "\033[41ma", "0:0:-1" },
    { "\033[4;7;2ma\033[24;27mb", "0:14:-1 1:2:-1" },
    { "\033[38ma", "0:0:-1" },
    { "\033[38;5;99999999999ma", "0:0:255" },
    { "\033[1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;31ma", "0:1:-1" },
    { "\033[31mab\rc", "0:0:1" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *styles = styles_of (cases[i][0]);
    g_test_message ("%s", cases[i][1]);
    g_assert_cmpstr (styles, ==, cases[i][1]);
  }
}

/* ---- pages ----------------------------------------------------------------------- */

typedef struct {
  GBytes *bytes;
  Pager *pager;
  int width, height;
} Text;

static Text
text_new (const char *text, gsize length, int width, int height)
{
  GBytes *bytes = g_bytes_new (text, length);
  Text of = { bytes, pager_new (pager_read_bytes, bytes), width, height };
  pager_set_size (of.pager, length);
  return of;
}

static void
text_clear (Text *text)
{
  pager_free (text->pager);
  g_bytes_unref (text->bytes);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Text, text_clear)

static char *
drawn (Text *text)
{
  g_autoptr (Canvas) canvas = canvas_new (text->width, text->height, TRUE);
  pager_draw (text->pager, canvas, canvas_area (canvas));
  g_autoptr (GString) out = g_string_new (NULL); /* without the bar */
  for (int y = 0; y < text->height; y++) {
    g_autoptr (GString) line = g_string_new (NULL);
    for (int x = 0; x < text->width - 1; x++)
      g_string_append (line, canvas_cell (canvas, x, y)->text);
    g_string_append_printf (out, "%s\n", g_strchomp (line->str));
  }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
expect (Text *text, const char *wanted)
{
  g_autofree char *seen = drawn (text);
  g_assert_cmpstr (seen, ==, wanted);
}

static void
act (Text *text, KeyAction action, const char *wanted)
{
  g_assert_true (pager_act (text->pager, action));
  expect (text, wanted);
}

#define TEN "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n"

static void
test_moving (void)
{
  g_auto (Text) text = text_new (TEN, strlen (TEN), 10, 3);
  expect (&text, "8\n9\n10\n"); /* at its end */
  g_assert_true (pager_follows (text.pager));
  act (&text, ACTION_UP, "7\n8\n9\n");
  g_assert_false (pager_follows (text.pager));
  act (&text, ACTION_PAGE_UP, "5\n6\n7\n");
  act (&text, ACTION_FIRST, "1\n2\n3\n");
  act (&text, ACTION_UP, "1\n2\n3\n");
  act (&text, ACTION_DOWN, "2\n3\n4\n");
  act (&text, ACTION_PAGE_DOWN, "4\n5\n6\n");
  act (&text, ACTION_LAST, "8\n9\n10\n");
  act (&text, ACTION_DOWN, "8\n9\n10\n");
  g_assert_false (pager_act (text.pager, ACTION_OPEN));
}

static void
test_short_texts (void)
{
  static const char *const cases[][2] = {
    { "", "\n\n\n" },       { "\n", "\n\n\n" },         { "a", "a\n\n\n" },
    { "a\nb", "a\nb\n\n" }, { "a\n\nb\n", "a\n\nb\n" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (Text) text = text_new (cases[i][0], strlen (cases[i][0]), 10, 3);
    expect (&text, cases[i][1]);
    act (&text, ACTION_UP, cases[i][1]);
    act (&text, ACTION_DOWN, cases[i][1]);
    act (&text, ACTION_FIRST, cases[i][1]);
    g_assert_false (pager_search (text.pager, "nothing"));
    expect (&text, cases[i][1]);
  }
}

static void
test_broken_lines (void)
{
  const char *bytes = "a\n123456789abc\nb\n";
  g_auto (Text) text = text_new (bytes, strlen (bytes), 6, 3);
  expect (&text, "6789a\nbc\nb\n");
  act (&text, ACTION_UP, "12345\n6789a\nbc\n");
  act (&text, ACTION_UP, "a\n12345\n6789a\n");
  act (&text, ACTION_DOWN, "12345\n6789a\nbc\n");
  text.width = 20; /* the row that was on top is there no more */
  expect (&text, "a\n123456789abc\nb\n");
}

static void
test_growing (void)
{
  GBytes *bytes = g_bytes_new (TEN, strlen (TEN));
  g_auto (Text) text = { bytes, pager_new (pager_read_bytes, bytes), 10, 3 };
  pager_set_size (text.pager, 5);
  expect (&text, "1\n2\n3\n");
  pager_set_size (text.pager, 8);
  expect (&text, "2\n3\n4\n"); /* follows */
  pager_act (text.pager, ACTION_UP);
  pager_set_size (text.pager, strlen (TEN));
  expect (&text, "1\n2\n3\n"); /* stays */
  act (&text, ACTION_FOLLOW, "8\n9\n10\n");
  pager_set_size (text.pager, 2); /* another text */
  expect (&text, "1\n\n\n");
}

/* Long lines of all kinds: going up meets the same rows as going down. */
static void
check_both_ways (const char *bytes, gsize length, int width)
{
  g_auto (Text) text = text_new (bytes, length, width, 2);
  g_autoptr (GPtrArray) seen = g_ptr_array_new_with_free_func (g_free);
  g_free (drawn (&text));
  pager_act (text.pager, ACTION_FIRST);
  do {
    g_ptr_array_add (seen, drawn (&text));
    pager_act (text.pager, ACTION_DOWN);
    g_assert_cmpuint (seen->len, <, 100000);
  } while (seen->len < 2 || strcmp (g_ptr_array_index (seen, seen->len - 1),
                                    g_ptr_array_index (seen, seen->len - 2)) != 0);
  g_ptr_array_remove_index (seen, seen->len - 1);
  g_assert_true (pager_follows (text.pager));
  for (guint i = seen->len - 1; i-- > 0;) {
    pager_act (text.pager, ACTION_UP);
    g_autofree char *page = drawn (&text);
    g_assert_cmpstr (page, ==, g_ptr_array_index (seen, i));
  }
}

static void
append_numbered (GString *text, gsize length)
{
  gsize begin = text->len;
  while (text->len < begin + length)
    g_string_append_printf (text, "%" G_GSIZE_FORMAT ".", text->len);
  g_string_truncate (text, begin + length);
}

static void
test_both_ways (void)
{
  static const gsize lengths[][3] = {
    { 10, 20, 30 },
    { PAGER_LINE_BYTES_MAX - 1, 0, 5 },
    { PAGER_LINE_BYTES_MAX, PAGER_LINE_BYTES_MAX, PAGER_LINE_BYTES_MAX },
    { PAGER_LINE_BYTES_MAX + 1, 1, 1 },
    { 3, PAGER_LINE_BYTES_MAX - 1, PAGER_LINE_BYTES_MAX },
    { 100, 5 * PAGER_LINE_BYTES_MAX + 77, 100 },
    { 2 * PAGER_LINE_BYTES_MAX - 101, 100, 20 * PAGER_LINE_BYTES_MAX },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    for (int ended = 0; ended < 2; ended++) {
      g_autoptr (GString) text = g_string_new (NULL);
      for (gsize j = 0; j < 3; j++) {
        append_numbered (text, lengths[i][j]);
        if (j < 2 || ended)
          g_string_append_c (text, '\n');
      }
      check_both_ways (text->str, text->len, 1000);
    }
}

static void
test_search (void)
{
  const char *bytes = "one\ntwo\nThree\nfour\nfive\ntwo\nsix\nseven\neight\nnine\n";
  g_auto (Text) text = text_new (bytes, strlen (bytes), 10, 2);
  g_free (drawn (&text));
  pager_act (text.pager, ACTION_FIRST);
  g_assert_true (pager_search (text.pager, "two"));
  expect (&text, "two\nThree\n");
  act (&text, ACTION_SEARCH_NEXT, "two\nsix\n");
  g_assert_null (pager_remark (text.pager));
  act (&text, ACTION_SEARCH_NEXT, "two\nsix\n");
  g_assert_cmpstr (pager_remark (text.pager), ==, "Not found further down");
  act (&text, ACTION_SEARCH_BACK, "two\nThree\n");
  act (&text, ACTION_SEARCH_BACK, "two\nThree\n");
  g_assert_cmpstr (pager_remark (text.pager), ==, "Not found further up");
  g_assert_true (pager_search (text.pager, "three"));  /* in any case */
  g_assert_false (pager_search (text.pager, "THREE")); /* unless it has capitals */
  g_assert_true (pager_search (text.pager, "one"));    /* further up */
  expect (&text, "one\ntwo\n");
  g_assert_false (pager_search (text.pager, NULL));
  pager_act (text.pager, ACTION_SEARCH_NEXT);
  g_assert_nonnull (pager_remark (text.pager));
}

static void
test_search_is_marked (void)
{
  const char *bytes = "a tWo b two\n";
  g_auto (Text) text = text_new (bytes, strlen (bytes), 20, 1);
  g_autoptr (Canvas) canvas = canvas_new (20, 1, FALSE);
  pager_search (text.pager, "two");
  pager_draw (text.pager, canvas, canvas_area (canvas));
  g_autofree char *roles = canvas_dump_roles (canvas);
  const char found = 'a' + ROLE_FOUND - 1;
  g_autofree char *wanted =
      g_strdup_printf ("  %c%c%c   %c%c%c\n", found, found, found, found, found, found);
  g_assert_true (g_str_has_prefix (roles, wanted));
}

/* What is found stands across the stretches that a large text is read in. */
static void
test_search_large (void)
{
  g_autoptr (GString) bytes = g_string_new (NULL);
  while (bytes->len < 65536 - 3)
    g_string_append (bytes, "x\n");
  g_string_append (bytes, "needle\n");
  for (int i = 0; i < 200000; i++)
    g_string_append (bytes, "y\n");
  g_string_append (bytes, "needle\n");
  for (int i = 0; i < 200000; i++)
    g_string_append (bytes, "z\n");
  g_auto (Text) text = text_new (bytes->str, bytes->len, 10, 2);
  g_free (drawn (&text));
  g_assert_true (pager_search (text.pager, "needle")); /* from the end: the last one */
  expect (&text, "needle\nz\n");
  act (&text, ACTION_SEARCH_BACK, "needle\ny\n");
  act (&text, ACTION_SEARCH_NEXT, "needle\nz\n");
}

/* However long the text is, a step reads no more of it than a window or two. */
typedef struct {
  guint64 size;
  guint64 read;
} Endless;

static gsize
read_endless (void *data, guint64 offset, char *bytes, gsize size)
{
  Endless *endless = data;
  gsize got = (gsize)MIN (size, endless->size - offset);
  for (gsize i = 0; i < got; i++)
    bytes[i] = (offset + i) % 50 == 49 ? '\n' : 'a';
  endless->read += got;
  return got;
}

static void
test_reads_little (void)
{
  Endless endless = { G_GUINT64_CONSTANT (50) << 32, 0 };
  g_autoptr (Pager) pager = pager_new (read_endless, &endless);
  g_autoptr (Canvas) canvas = canvas_new (120, 36, FALSE);
  static const KeyAction steps[] = { ACTION_UP,        ACTION_FIRST, ACTION_DOWN,
                                     ACTION_PAGE_DOWN, ACTION_LAST,  ACTION_PAGE_UP };
  pager_set_size (pager, endless.size);
  pager_draw (pager, canvas, canvas_area (canvas));
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++) {
    endless.read = 0;
    pager_act (pager, steps[i]);
    pager_draw (pager, canvas, canvas_area (canvas));
    g_assert_cmpuint (endless.read, <=, 5 * 65536);
  }
}

static gsize
read_string (void *data, guint64 offset, char *bytes, gsize size)
{
  const GString *text = data;
  gsize got = (gsize)MIN (size, text->len - MIN (offset, text->len));
  memcpy (bytes, text->str + offset, got);
  return got;
}

/* Something in what was printed is masked: where one was, one stays. */
static void
test_renewed (void)
{
  g_autoptr (GString) bytes = g_string_new ("secret\n2\n3\n4\n5\n6\n7\n8\n");
  Text text = { NULL, pager_new (read_string, bytes), 10, 3 };
  pager_set_size (text.pager, bytes->len);
  act (&text, ACTION_FIRST, "secret\n2\n3\n");
  act (&text, ACTION_PAGE_DOWN, "3\n4\n5\n");
  g_string_overwrite (bytes, 0, "***\n..");
  pager_renew (text.pager, bytes->len);
  expect (&text, "3\n4\n5\n");
  g_assert_false (pager_follows (text.pager));
  g_string_erase (bytes, 4, 3); /* into the middle of another line */
  pager_renew (text.pager, bytes->len);
  expect (&text, "4\n5\n6\n");
  act (&text, ACTION_LAST, "6\n7\n8\n");
  pager_renew (text.pager, bytes->len);
  expect (&text, "6\n7\n8\n");
  g_string_truncate (bytes, 0);
  pager_renew (text.pager, 0);
  expect (&text, "\n\n\n");
  pager_free (text.pager);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pager/lines", test_lines);
  g_test_add_func ("/pager/styles", test_styles);
  g_test_add_func ("/pager/moving", test_moving);
  g_test_add_func ("/pager/short-texts", test_short_texts);
  g_test_add_func ("/pager/broken-lines", test_broken_lines);
  g_test_add_func ("/pager/growing", test_growing);
  g_test_add_func ("/pager/renewed", test_renewed);
  g_test_add_func ("/pager/both-ways", test_both_ways);
  g_test_add_func ("/pager/search", test_search);
  g_test_add_func ("/pager/search-is-marked", test_search_is_marked);
  g_test_add_func ("/pager/search-large", test_search_large);
  g_test_add_func ("/pager/reads-little", test_reads_little);
  return g_test_run ();
}
