#include "core/base/pattern.h"

#include <string.h>

static void
test_search (void)
{
  static const struct {
    const char *expression, *text;
    gboolean found;
  } rows[] = {
    { "\\S{4,}", "backup-7", TRUE },
    { "\\S{4,}", "a b", FALSE },
    { "^ok$", "ok", TRUE },
    { "^ok$", "not ok", FALSE },
    { "и.е", "привет", TRUE },
    { "^.$", "é", TRUE },
    { "b",
      "a\xff"
      "b",
      TRUE },
    { "(?m)^b$", "a\nb\nc", TRUE },
    { "", "", TRUE },
    { "a|b", "xxb", TRUE },
    { "(?i)HEALTHY", "is healthy", TRUE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (Pattern) pattern = pattern_new (rows[i].expression, NULL);
    gboolean found = !rows[i].found;
    g_assert_true (
        pattern_search (pattern, rows[i].text, strlen (rows[i].text), &found, NULL));
    g_assert_cmpint (found, ==, rows[i].found);
    g_assert_cmpstr (pattern_expression (pattern), ==, rows[i].expression);
  }
}

static void
test_syntax (void)
{
  static const struct {
    const char *expression, *where;
  } rows[] = { { "a(b", "at character 4" },
               { "é[", "at character 3" },
               { "*a", "at character 1" },
               { "\xff", "UTF-8" },
               { "\\C", "character" } };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (pattern_new (rows[i].expression, &error));
    g_assert_error (error, PATTERN_ERROR, PATTERN_ERROR_SYNTAX);
    g_test_message ("%s", error->message);
    g_assert_nonnull (strstr (error->message, rows[i].where));
  }
  g_autofree char *longest = g_strnfill (4097, 'a');
  g_assert_null (pattern_new (longest, NULL));
}

/* Each would take from minutes to years without the limits. */
static void
test_limits (void)
{
  static const char *const costly[] = { "(a+)+[bc]", "(a|aa)+[bc]", "a[^b]*+[bc]",
                                        "(?s).*?[bc]" };
  g_autofree char *text = g_strnfill (1 << 20, 'a');
  for (gsize i = 0; i < G_N_ELEMENTS (costly); i++) {
    g_autoptr (Pattern) pattern = pattern_new (costly[i], NULL);
    g_autoptr (GError) error = NULL;
    gboolean found = 7;
    g_assert_false (pattern_search (pattern, text, 1 << 20, &found, &error));
    g_assert_error (error, PATTERN_ERROR, PATTERN_ERROR_LIMIT);
    g_assert_cmpint (found, ==, 7);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pattern/search", test_search);
  g_test_add_func ("/pattern/syntax", test_syntax);
  g_test_add_func ("/pattern/limits", test_limits);
  return g_test_run ();
}
