/* The canvas: text of any origin stays in its cells. */
#include <string.h>

#include "tui/widgets/canvas.h"

static void
expect (const Canvas *canvas, const char *wanted)
{
  g_autofree char *seen = canvas_dump (canvas);
  g_assert_cmpstr (seen, ==, wanted);
}

/* Every row is as wide as the canvas: wide characters have both of their cells. */
static void
check_cells (const Canvas *canvas)
{
  Area area = canvas_area (canvas);
  for (int y = 0; y < area.height; y++)
    for (int x = 0; x < area.width; x++) {
      const Cell *cell = canvas_cell (canvas, x, y);
      g_assert_true (g_utf8_validate (cell->text, -1, NULL));
      g_assert_cmpuint (strnlen (cell->text, CELL_BYTES_MAX), <, CELL_BYTES_MAX);
      if (cell->width == 2) {
        g_assert_cmpint (x + 1, <, area.width);
        g_assert_cmpint (canvas_cell (canvas, x + 1, y)->width, ==, 0);
      }
      if (cell->width == 0) {
        g_assert_cmpint (x, >, 0);
        g_assert_cmpint (canvas_cell (canvas, x - 1, y)->width, ==, 2);
        g_assert_cmpstr (cell->text, ==, "");
      }
      for (const char *at = cell->text; *at; at++)
        g_assert_true ((guchar)*at >= ' ' && *at != 0x7f);
    }
}

static const struct {
  const char *name, *text, *drawn; /* in 10 columns */
  int taken;
} texts[] = {
  { "short", "abc", "abc", 3 },
  { "just fits", "abcdefghij", "abcdefghij", 10 },
  { "cut", "abcdefghijk", "abcdefghi…", 10 },
  { "empty", "", "", 0 },
  { "wide", "日本語", "日本語", 6 },
  { "wide, cut", "日本語日本語", "日本語日…", 9 },
  { "wide, half a cell left", "a日本語日本語", "a日本語日…", 10 },
  { "accents",
    "e\xcc\x81"
    "e\xcc\x81",
    "e\xcc\x81"
    "e\xcc\x81",
    2 },
  { "escape", "a\033[31mb", "a\\x1B[31mb", 10 },
  { "controls", "\a\b", "\\x07\\x08", 8 },
  { "line feed", "a\nb", "a\\nb", 4 },
  { "not UTF-8", "a\xff\xfe", "a\\xFF\\xFE", 9 },
  { "override",
    "\xe2\x80\xae"
    "abc",
    "\\u{202E}a…", 10 },
  { "right to left", "\xd7\x90\xd7\x91", "\xd7\x90\xd7\x91", 2 },
  { "joined, with what joins them", "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb",
    "\xf0\x9f\x91\xa9\\u{200D…", 10 },
  { "a mark alone",
    "\xcc\x81"
    "a",
    "a", 1 },
};

static void
test_text (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (Canvas) canvas = canvas_new (12, 1, FALSE);
    g_autofree char *wanted = g_strdup_printf (" %s\n", texts[i].drawn);
    Area area = { 1, 0, 10, 1 };
    g_test_message ("%s", texts[i].name);
    int taken = canvas_text (canvas, area, 0, 0, ROLE_TEXT, texts[i].text);
    expect (canvas, *texts[i].drawn ? wanted : "\n");
    g_assert_cmpint (taken, ==, texts[i].taken);
    check_cells (canvas);
  }
}

static const struct {
  const char *text, *drawn;
  int columns;
} middles[] = {
  { "tines-sidekiq", "tines-sidekiq", 13 },
  { "tines-sidekiq", "tines…dekiq", 11 },
  { "tines-sidekiq", "ti…q", 4 },
  { "tines-sidekiq", "t…", 2 },
  { "tines-sidekiq", "…", 1 },
  { "tines-sidekiq", "", 0 },
  { "日本語日本語", "日…語", 7 },
  { "日本語日本語", "日本…語", 8 },
};

static void
test_middle (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (middles); i++) {
    g_autoptr (Canvas) canvas = canvas_new (20, 1, FALSE);
    g_autofree char *wanted = g_strconcat (middles[i].drawn, "\n", NULL);
    int taken = canvas_middle (canvas, canvas_area (canvas), 0, 0, middles[i].columns,
                               ROLE_TEXT, middles[i].text);
    expect (canvas, wanted);
    g_assert_cmpint (taken, <=, middles[i].columns);
    check_cells (canvas);
  }
}

static void
test_right (void)
{
  g_autoptr (Canvas) canvas = canvas_new (10, 3, FALSE);
  Area area = canvas_area (canvas);
  g_assert_cmpint (canvas_right (canvas, area, 8, 0, ROLE_TEXT, "412"), ==, 5);
  canvas_right (canvas, area, 8, 1, ROLE_TEXT, "9");
  canvas_right (canvas, area, 8, 2, ROLE_TEXT, "1234567890");
  expect (canvas, "     412\n       9\n1234567…\n");
}

/* What is drawn over half of a wide character leaves no half behind. */
static void
test_halves (void)
{
  for (int x = 0; x < 5; x++) {
    g_autoptr (Canvas) canvas = canvas_new (6, 1, FALSE);
    canvas_text (canvas, canvas_area (canvas), 0, 0, ROLE_TEXT, "日本語");
    canvas_text (canvas, canvas_area (canvas), x, 0, ROLE_TEXT, x % 2 ? "x" : "語");
    check_cells (canvas);
  }
}

static void
test_nothing_outside (void)
{
  g_autoptr (Canvas) canvas = canvas_new (4, 2, FALSE);
  static const Area areas[] = {
    { -3, -3, 2, 2 }, { 4, 0, 5, 5 }, { 0, 2, 4, 1 }, { 1, 1, 0, 0 }, { 1, 1, -4, -4 }
  };
  for (gsize i = 0; i < G_N_ELEMENTS (areas); i++) {
    canvas_text (canvas, areas[i], 0, 0, ROLE_TEXT, "xxxxxxxx");
    canvas_middle (canvas, areas[i], 0, 0, 8, ROLE_TEXT, "xxxxxxxx");
    canvas_right (canvas, areas[i], 3, 0, ROLE_TEXT, "xx");
    canvas_fill (canvas, areas[i], ROLE_BAD);
    canvas_tint (canvas, areas[i], ROLE_BAD);
    canvas_horizontal (canvas, areas[i], -1, 0, 9, ROLE_BAD);
    canvas_vertical (canvas, areas[i], 0, -1, 9, ROLE_BAD);
    canvas_bar (canvas, areas[i], 0, 0, ROLE_BAD, 8);
    canvas_mark (canvas, areas[i], 0, 0, ROLE_BAD, MARK_DONE);
    canvas_paragraph (canvas, areas[i], ROLE_BAD, "xx xx xx", 0, 9);
  }
  expect (canvas, "\n\n");
  canvas_text (canvas, (Area){ -1, 0, 3, 1 }, 0, 0, ROLE_TEXT, "abc");
  canvas_text (canvas, (Area){ 2, 1, 9, 1 }, 0, 0, ROLE_TEXT, "abc");
  expect (canvas, "bc\n  ab\n");
}

static const struct {
  const char *text, *drawn; /* in 8 columns */
  int lines;
} paragraphs[] = {
  { "", "\n\n\n\n", 0 },
  { "one", "one\n\n\n\n", 1 },
  { "one two three", "one two\nthree\n\n\n", 2 },
  { "12345678 9", "12345678\n9\n\n\n", 2 },
  { "1234567890", "12345678\n90\n\n\n", 2 },
  { "one\ntwo", "one\ntwo\n\n\n", 2 },
  { "one\n\ntwo", "one\n\ntwo\n\n", 3 },
  { "日本語日本語", "日本語日\n本語\n\n\n", 2 },
  { "a b c d e f g h i j k l m n o p q r s t", "a b c d\ne f g h\ni j k l\nm n o p\n",
    5 },
  { "a\033b", "a\\x1Bb\n\n\n\n", 1 },
  { "/a/bc/de/f", "/a/bc/\nde/f\n\n\n", 2 },
  { "/a/abcdefgh", "/a/abcde\nfgh\n\n\n", 2 },
  { "abcdefg/h", "abcdefg/\nh\n\n\n", 2 },
  { "abcdefgh/i", "abcdefgh\n/i\n\n\n", 2 },
};

static void
test_paragraph (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (paragraphs); i++) {
    g_autoptr (Canvas) canvas = canvas_new (8, 4, FALSE);
    int lines = canvas_paragraph (canvas, canvas_area (canvas), ROLE_TEXT,
                                  paragraphs[i].text, 0, 4);
    expect (canvas, paragraphs[i].drawn);
    g_assert_cmpint (lines, ==, paragraphs[i].lines);
  }
  g_autoptr (Canvas) canvas = canvas_new (8, 2, FALSE);
  canvas_paragraph (canvas, canvas_area (canvas), ROLE_TEXT, "one two three four five", 1,
                    1);
  expect (canvas, "three\n\n");
  /* A column of one character and a wide one: it still comes to an end. */
  g_autoptr (Canvas) narrow = canvas_new (1, 2, FALSE);
  g_assert_cmpint (
      canvas_paragraph (narrow, canvas_area (narrow), ROLE_TEXT, "日本", 0, 2), ==, 2);
}

static void
draw_frame (Canvas *canvas)
{
  Area area = canvas_area (canvas);
  canvas_horizontal (canvas, area, 0, 0, 7, ROLE_FRAME);
  canvas_horizontal (canvas, area, 0, 2, 7, ROLE_FRAME);
  canvas_horizontal (canvas, area, 0, 4, 7, ROLE_FRAME);
  canvas_vertical (canvas, area, 0, 0, 5, ROLE_FRAME);
  canvas_vertical (canvas, area, 3, 0, 5, ROLE_FRAME);
  canvas_vertical (canvas, area, 6, 0, 5, ROLE_FRAME);
}

static void
test_lines_join (void)
{
  g_autoptr (Canvas) canvas = canvas_new (7, 5, FALSE);
  draw_frame (canvas);
  expect (canvas, "┌──┬──┐\n│  │  │\n├──┼──┤\n│  │  │\n└──┴──┘\n");
  g_autoptr (Canvas) ascii = canvas_new (7, 5, TRUE);
  draw_frame (ascii);
  expect (ascii, "+--+--+\n|  |  |\n+--+--+\n|  |  |\n+--+--+\n");
  canvas_text (canvas, canvas_area (canvas), 3, 2, ROLE_TEXT, "x");
  canvas_vertical (canvas, canvas_area (canvas), 3, 1, 3, ROLE_FRAME);
  expect (canvas, "┌──┬──┐\n│  │  │\n├──│──┤\n│  │  │\n└──┴──┘\n");
}

static void
test_ascii (void)
{
  g_autoptr (Canvas) canvas = canvas_new (30, 3, TRUE);
  Area area = canvas_area (canvas);
  canvas_text (canvas, area, 0, 0, ROLE_TEXT, "4→0 “é” 日本 … 60×18");
  canvas_text (canvas, (Area){ 0, 1, 5, 1 }, 0, 0, ROLE_TEXT, "123456");
  for (int i = 0; i <= 8; i++)
    canvas_bar (canvas, area, i, 2, ROLE_CHART, i);
  for (Mark mark = MARK_DONE; mark <= MARK_NONE; mark++)
    canvas_mark (canvas, area, 10 + (int)mark, 2, ROLE_TEXT, mark);
  expect (canvas, "4>0 \"?\" ???? . 60x18\n1234~\n __.--=## +!>~-?\n");
  check_cells (canvas);
}

static void
test_long_clusters (void)
{
  g_autoptr (Canvas) canvas = canvas_new (3, 1, FALSE);
  g_autoptr (GString) zalgo = g_string_new ("a");
  for (int i = 0; i < 100; i++)
    g_string_append (zalgo, "\xcc\x81");
  g_string_append (zalgo, "b");
  g_assert_cmpint (
      canvas_text (canvas, canvas_area (canvas), 0, 0, ROLE_TEXT, zalgo->str), ==, 2);
  g_assert_cmpstr (canvas_cell (canvas, 1, 0)->text, ==, "b");
  check_cells (canvas);
}

static void
test_roles (void)
{
  g_autoptr (Canvas) canvas = canvas_new (6, 2, FALSE);
  canvas_text (canvas, canvas_area (canvas), 0, 0, ROLE_GOOD, "ab");
  canvas_text (canvas, canvas_area (canvas), 2, 0, ROLE_BAD, "cd");
  canvas_ink (canvas, canvas_area (canvas), 0, 1, ROLE_TEXT, LOOK_BOLD, 4, "x", 1);
  canvas_tint (canvas, (Area){ 1, 0, 2, 2 }, ROLE_SELECTED);
  g_autofree char *seen = canvas_dump_roles (canvas);
  g_assert_true (g_str_has_prefix (seen, "jhhk\n hh\n"));
  g_assert_nonnull (strstr (seen, "\nh selected\n"));
  g_assert_cmpint (canvas_cell (canvas, 0, 1)->colour, ==, 4);
  g_assert_cmpint (canvas_cell (canvas, 0, 1)->attributes, ==, LOOK_BOLD);
}

static void
test_cursor (void)
{
  g_autoptr (Canvas) canvas = canvas_new (6, 2, FALSE);
  int x = 0, y = 0;
  g_assert_false (canvas_cursor (canvas, &x, &y));
  canvas_set_cursor (canvas, 100, 100);
  g_assert_true (canvas_cursor (canvas, &x, &y));
  g_assert_cmpint (x, ==, 5);
  g_assert_cmpint (y, ==, 1);
  canvas_clear (canvas);
  g_assert_false (canvas_cursor (canvas, &x, &y));
}

static void
check_area (Area area, int x, int y, int width, int height)
{
  g_assert_cmpint (area.x, ==, x);
  g_assert_cmpint (area.y, ==, y);
  g_assert_cmpint (area.width, ==, width);
  g_assert_cmpint (area.height, ==, height);
}

static void
test_areas (void)
{
  Area area = { 2, 3, 10, 5 };
  check_area (area_inside (area, 1, 1, 2, 2), 3, 4, 7, 2);
  check_area (area_inside (area, 20, 20, 2, 2), 12, 8, 0, 0);
  check_area (area_take_top (&area, 1), 2, 3, 10, 1);
  check_area (area_take_bottom (&area, 1), 2, 7, 10, 1);
  check_area (area_take_left (&area, 4), 2, 4, 4, 3);
  check_area (area_take_right (&area, 2), 10, 4, 2, 3);
  check_area (area, 6, 4, 4, 3);
  check_area (area_take_top (&area, 9), 6, 4, 4, 3);
  check_area (area, 6, 7, 4, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/canvas/text", test_text);
  g_test_add_func ("/canvas/middle", test_middle);
  g_test_add_func ("/canvas/right", test_right);
  g_test_add_func ("/canvas/halves", test_halves);
  g_test_add_func ("/canvas/nothing-outside", test_nothing_outside);
  g_test_add_func ("/canvas/paragraph", test_paragraph);
  g_test_add_func ("/canvas/lines-join", test_lines_join);
  g_test_add_func ("/canvas/ascii", test_ascii);
  g_test_add_func ("/canvas/long-clusters", test_long_clusters);
  g_test_add_func ("/canvas/roles", test_roles);
  g_test_add_func ("/canvas/cursor", test_cursor);
  g_test_add_func ("/canvas/areas", test_areas);
  return g_test_run ();
}
