/* Paragraphs: where they stand, how they are broken, what is seen of them when scrolled. */
#include <string.h>

#include "tui/widgets/page.h"

static char *
drawn (const Page *page, int width, int height, int first, int *lines)
{
  g_autoptr (Canvas) canvas = canvas_new (width, height, FALSE);
  *lines = page_draw (page, canvas, canvas_area (canvas), first);
  return canvas_dump (canvas);
}

static Page *
page_of_all (void)
{
  Page *page = page_new ();
  page_add (page, ROLE_TITLE, "Stop the proxy");
  page_add (page, ROLE_TEXT, "From here on nobody\nreaches the shop.");
  page_add_gap (page);
  page_add_labelled (page, "require", MARK_NONE, ROLE_TEXT, "service: app");
  page_add_labelled (page, "", MARK_DONE, ROLE_GOOD, "app: 0 running");
  page_add_command (page, "docker compose stop nginx");
  return page;
}

static void
test_all (void)
{
  g_autoptr (Page) page = page_of_all ();
  int lines = 0;
  g_autofree char *seen = drawn (page, 30, 9, 0, &lines);
  g_assert_cmpint (lines, ==, 8);
  g_assert_cmpstr (seen, ==,
                   "Stop the proxy\n"
                   "From here on nobody\n"
                   "reaches the shop.\n"
                   "\n"
                   "require   service: app\n"
                   "          ✔ app: 0 running\n"
                   "          $ docker compose \\\n"
                   "              stop nginx\n"
                   "\n");
}

/* Every line that is scrolled to is the line it was. */
static void
test_scrolled (void)
{
  g_autoptr (Page) page = page_of_all ();
  int lines = 0;
  g_autofree char *whole = drawn (page, 30, 8, 0, &lines);
  g_auto (GStrv) all = g_strsplit (whole, "\n", -1);
  for (int first = 0; first < 8; first++) {
    g_autofree char *seen = drawn (page, 30, 1, first, &lines);
    g_autofree char *wanted = g_strconcat (all[first], "\n", NULL);
    g_assert_cmpstr (seen, ==, wanted);
    g_assert_cmpint (lines, ==, 8);
  }
}

static void
test_hostile (void)
{
  g_autoptr (Page) page = page_new ();
  g_autofree char *word = g_strnfill (5000, 'x');
  int lines = 0;
  page_add (page, ROLE_TEXT, word);
  page_add_labelled (page, "\033[2J", MARK_NONE, ROLE_TEXT, "a\xff\033[31mb");
  g_autofree char *seen = drawn (page, 40, 200, 0, &lines);
  g_assert_null (strchr (seen, '\033'));
  g_assert_true (g_utf8_validate (seen, -1, NULL));
  g_assert_cmpint (lines, >=, 126);
  g_autofree char *narrow = drawn (page, 1, 3, 0, &lines);
  g_assert_nonnull (narrow);
  page_clear (page);
  g_autofree char *nothing = drawn (page, 40, 2, 0, &lines);
  g_assert_cmpstr (nothing, ==, "\n\n");
  g_assert_cmpint (lines, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/page/all", test_all);
  g_test_add_func ("/page/scrolled", test_scrolled);
  g_test_add_func ("/page/hostile", test_hostile);
  return g_test_run ();
}
