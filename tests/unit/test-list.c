/* The list: what is selected, what is seen, what passes the filter. */
#include <string.h>

#include "tui/widgets/list.h"

static const char *const words[] = { "default",   "mailers", "Ärger", "low priority",
                                     "default_2", "events",  "mail",  "dead",
                                     "retry",     "low" };

static char *
text_of (void *data, guint row)
{
  (void)data;
  return g_strdup (words[row]);
}

static void
draw_word (void *data, Canvas *canvas, Area line, guint row, gboolean selected)
{
  line.width--; /* which is the bar's */
  canvas_printf (canvas, line, 0, 0, ROLE_TEXT, "%s%s", selected ? ">" : " ",
                 data ? words[row] : "row");
  if (!data)
    canvas_printf (canvas, line, 5, 0, ROLE_TEXT, "%u", row);
}

static char *
drawn (List *list, int width, int height, void *data)
{
  g_autoptr (Canvas) canvas = canvas_new (width, height, TRUE);
  list_draw (list, canvas, canvas_area (canvas), TRUE, draw_word, data);
  return canvas_dump (canvas);
}

static void
expect (List *list, int height, const char *wanted)
{
  g_autofree char *seen = drawn (list, 12, height, (void *)words);
  g_assert_cmpstr (seen, ==, wanted);
}

/* Without the bar: what stands before it. */
static void
expect_rows (List *list, int height, guint selected, guint first)
{
  g_autofree char *seen = drawn (list, 20, height, NULL);
  g_auto (GStrv) lines = g_strsplit (seen, "\n", -1);
  for (int i = 0; i < height; i++) {
    guint row = first + (guint)i;
    g_autofree char *wanted =
        g_strdup_printf ("%srow %u", row == selected ? ">" : " ", row);
    g_assert_true (g_str_has_prefix (lines[i], wanted));
  }
  g_assert_cmpuint (list_selected (list), ==, selected);
}

static void
test_scrolling (void)
{
  g_autoptr (List) list = list_new ();
  list_set_rows (list, 5000, NULL, NULL);
  expect_rows (list, 5, 0, 0);
  list_act (list, ACTION_UP);
  expect_rows (list, 5, 0, 0);
  for (int i = 0; i < 5; i++)
    list_act (list, ACTION_DOWN);
  expect_rows (list, 5, 5, 1); /* no more than it takes */
  list_act (list, ACTION_UP);
  expect_rows (list, 5, 4, 1);
  list_act (list, ACTION_PAGE_DOWN);
  expect_rows (list, 5, 8, 4);
  list_act (list, ACTION_LAST);
  expect_rows (list, 5, 4999, 4995);
  list_act (list, ACTION_DOWN);
  expect_rows (list, 5, 4999, 4995);
  list_act (list, ACTION_PAGE_UP);
  expect_rows (list, 5, 4995, 4995);
  list_act (list, ACTION_FIRST);
  expect_rows (list, 5, 0, 0);
  list_select (list, 2500);
  expect_rows (list, 5, 2500, 2496);
  g_assert_false (list_act (list, ACTION_OPEN));
  expect_rows (list, 5, 2500, 2496);
}

static void
test_bar (void)
{
  g_autoptr (List) list = list_new ();
  list_set_rows (list, 10, text_of, NULL);
  expect (list, 4, ">default   #\n mailers\n ?rger\n low prior~\n");
  /* Rows stand where they do without it. */
  expect (list, 10,
          ">default\n mailers\n ?rger\n low prior~\n default_2\n events\n mail\n dead\n "
          "retry\n low\n");
  list_act (list, ACTION_LAST);
  expect (list, 4, " mail\n dead\n retry\n>low       #\n");
  list_set_rows (list, 2, text_of, NULL);
  expect (list, 4, " default\n>mailers\n\n\n");
}

static void
test_filter (void)
{
  g_autoptr (List) list = list_new ();
  list_set_rows (list, G_N_ELEMENTS (words), text_of, NULL);
  list_select (list, 6);
  list_set_filter (list, "MAIL");
  g_assert_cmpuint (list_count_seen (list), ==, 2);
  g_assert_cmpuint (list_selected (list), ==, 6); /* stays where it was */
  list_set_filter (list, "ärg");
  g_assert_cmpuint (list_selected (list), ==, 2);
  list_set_filter (list, "low prio");
  g_assert_cmpuint (list_count_seen (list), ==, 1);
  list_set_filter (list, "prio low"); /* words in any order */
  g_assert_cmpuint (list_selected (list), ==, 3);
  list_set_filter (list, "no such");
  g_assert_cmpuint (list_selected (list), ==, LIST_NONE);
  g_assert_true (list_act (list, ACTION_DOWN));
  expect (list, 2, "\n\n");
  list_set_filter (list, NULL);
  g_assert_cmpuint (list_count_seen (list), ==, G_N_ELEMENTS (words));
}

static gboolean
is_third (void *data, guint row)
{
  (void)data;
  return row % 3 == 0;
}

/* Gaps are passed over in both directions, at both ends, and gone while a filter holds. */
static void
test_gaps (void)
{
  g_autoptr (List) list = list_new ();
  list_set_gaps (list, is_third); /* 0, 3, 6, 9 */
  list_set_rows (list, G_N_ELEMENTS (words), text_of, NULL);
  g_assert_cmpuint (list_selected (list), ==, 1);
  static const struct {
    KeyAction action;
    guint selected;
  } moves[] = {
    { ACTION_UP, 1 },   { ACTION_DOWN, 2 }, { ACTION_DOWN, 4 },  { ACTION_UP, 2 },
    { ACTION_LAST, 8 }, { ACTION_DOWN, 8 }, { ACTION_FIRST, 1 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (moves); i++) {
    g_assert_true (list_act (list, moves[i].action));
    g_assert_cmpuint (list_selected (list), ==, moves[i].selected);
  }
  list_select (list, 9);
  g_assert_cmpuint (list_selected (list), ==, 8);
  list_set_filter (list, "mail"); /* rows 1 and 6, which is a gap */
  g_assert_cmpuint (list_count_seen (list), ==, 1);
  list_set_rows (list, 1, text_of, NULL); /* nothing but a gap */
  g_assert_cmpuint (list_count_seen (list), ==, 0);
}

static void
test_rows_change (void)
{
  g_autoptr (List) list = list_new ();
  g_assert_cmpuint (list_selected (list), ==, LIST_NONE);
  list_set_rows (list, 10, text_of, NULL);
  list_select (list, 9);
  list_set_rows (list, 5, text_of, NULL);
  g_assert_cmpuint (list_selected (list), ==, 4);
  list_set_rows (list, 0, text_of, NULL);
  g_assert_cmpuint (list_selected (list), ==, LIST_NONE);
  expect (list, 2, "\n\n");
  list_set_filter (list, "mail");
  list_set_rows (list, 10, text_of, NULL);
  g_assert_cmpuint (list_selected (list), ==, 1);
}

static void
test_selected_is_tinted (void)
{
  g_autoptr (List) list = list_new ();
  g_autoptr (Canvas) canvas = canvas_new (12, 2, FALSE);
  list_set_rows (list, 2, text_of, NULL);
  list_draw (list, canvas, canvas_area (canvas), TRUE, draw_word, NULL);
  g_assert_cmpint (canvas_cell (canvas, 11, 0)->role, ==, ROLE_SELECTED);
  g_assert_cmpint (canvas_cell (canvas, 0, 1)->role, ==, ROLE_TEXT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/list/scrolling", test_scrolling);
  g_test_add_func ("/list/bar", test_bar);
  g_test_add_func ("/list/filter", test_filter);
  g_test_add_func ("/list/gaps", test_gaps);
  g_test_add_func ("/list/rows-change", test_rows_change);
  g_test_add_func ("/list/selected-is-tinted", test_selected_is_tinted);
  return g_test_run ();
}
