#include "core/base/mask.h"

#include <string.h>

static void
test_apply (void)
{
  static const struct {
    const char *secrets[3];
    const char *text, *masked;
  } rows[] = {
    { { "hunter2" }, "pw=hunter2;", "pw=***;" },
    { { "hunter2" }, "hunter2hunter2", "******" },
    { { "hunter2" }, "hunter", "hunter" },
    { { "abc", "abcdef" }, "abcdef abc", "*** ***" },
    { { "abc", "bcdef" }, "xabcdefx", "x***x" },
    { { "p@ss/word" }, "p%40ss%2Fword p%40ss%2fword p@ss%2fword", "*** *** ***" },
    { { "p%40ss" }, "p@ss p%40ss", "*** ***" },
    { { "%25x" }, "%25x %x", "*** %x" },
    { { "ab", "" }, "ab", "ab" },
    { { "пароль" }, "это пароль!", "это ***!" },
    { { "abc" }, "ab%63 %61bc %6", "*** *** %6" },
    { { "it's" }, "x 'it'\\''s' it's", "x '***' ***" },
    { { "a\\b" }, "x $'y\\na\\\\b'", "x $'y\\n***'" },
    { { "tab\t1" }, "x $'tab\\t1'", "x $'***'" },
    { { NULL }, "text", "text" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (Mask) mask = mask_new ();
    for (gsize j = 0; rows[i].secrets[j]; j++)
      mask_add (mask, rows[i].secrets[j]);
    g_autofree char *masked = mask_apply (mask, rows[i].text, -1);
    g_assert_cmpstr (masked, ==, rows[i].masked);
  }
}

static void
test_urls (void)
{
  static const struct {
    const char *text, *masked;
  } rows[] = {
    { "redis://user:s3cret@host:6379/1", "redis://user:***@host:6379/1" },
    { "redis://:s3cret@host", "redis://:***@host" },
    { "URL=\"pg://u:p%40ss@h/d\" and p@ss", "URL=\"pg://u:***@h/d\" and ***" },
    { "a://u:one1@h b://u:two2@h", "a://u:***@h b://u:***@h" },
    { "pg://u:p@ss@h/x?mail=a@b", "pg://u:***@h/x?mail=a@b" },
    { "pg://u:pa/ss@h", "pg://u:***@h" },
    { "http://host:80/path", "http://host:80/path" },
    { "git://git@host/x", "git://git@host/x" },
    { "://u:abcd@h", "://u:abcd@h" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (Mask) mask = mask_new ();
    mask_add_urls (mask, rows[i].text);
    g_autofree char *masked = mask_apply (mask, rows[i].text, -1);
    g_assert_cmpstr (masked, ==, rows[i].masked);
  }
}

static void
test_hidden_urls (void)
{
  static const struct {
    const char *text, *masked;
  } rows[] = {
    { "redis://user:s3cret@host:6379/1", "redis://user:***@host:6379/1" },
    { "redis://:x@host", "redis://:***@host" },
    { "a://u:1@h,b://u:2@h b://u:p@q@h", "a://u:***@h,b://u:***@h b://u:***@h" },
    { "'pg://u:p@h/x?mail=a@b'", "'pg://u:***@h/x?mail=a@b'" },
    { "hunter2 a://hunter2:hunter2@h", "*** a://***:***@h" },
    { "http://host:80/path@sha256", "http://host:80/path@sha256" },
    { "git://git@host/x http://host:80", "git://git@host/x http://host:80" },
    { "://u:abcd@h a://u:@h", "://u:abcd@h a://u:@h" },
    { "a://u:p\n@h a://", "a://u:p\n@h a://" },
  };
  g_autoptr (Mask) mask = mask_new ();
  mask_hide_urls (mask);
  g_assert_false (mask_is_empty (mask));
  g_assert_cmpuint (mask_longest (mask), >=, MASK_URL_BYTES_MAX);
  g_autofree char *only = mask_apply (mask, rows[0].text, -1);
  g_assert_cmpstr (only, ==, rows[0].masked);
  mask_add (mask, "hunter2");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *masked = mask_apply (mask, rows[i].text, -1);
    g_assert_cmpstr (masked, ==, rows[i].masked);
  }
}

static void
test_lengths (void)
{
  g_autoptr (Mask) mask = mask_new ();
  g_assert_true (mask_is_empty (mask));
  g_assert_true (mask_is_empty (NULL));
  g_assert_cmpuint (mask_longest (mask), ==, 0);
  mask_add (mask, "abc");
  mask_add (mask, "p@ss");
  g_assert_false (mask_is_empty (mask));
  g_assert_cmpuint (mask_longest (mask), >=, strlen ("%70%40%73%73"));
  g_autofree char *cut = mask_apply (mask, "xabc", 3);
  g_assert_cmpstr (cut, ==, "xab");
  g_autofree char *same = mask_apply (NULL, "abc", -1);
  g_assert_cmpstr (same, ==, "abc");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mask/apply", test_apply);
  g_test_add_func ("/mask/urls", test_urls);
  g_test_add_func ("/mask/hidden-urls", test_hidden_urls);
  g_test_add_func ("/mask/lengths", test_lengths);
  return g_test_run ();
}
