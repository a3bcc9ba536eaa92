#include "core/base/moment.h"

#include <string.h>

static const struct {
  const char *text;
  gint64 us; /* -1: refused */
  const char *written;
} rows[] = {
  { "1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00.000000Z" },
  { "2026-11-23T03:25:26.128000Z", 1795404326128000, "2026-11-23T03:25:26.128000Z" },
  { "2026-11-23T03:25:26.128000999Z", 1795404326128000, "2026-11-23T03:25:26.128000Z" },
  { "2026-11-23t03:25:26.1z", 1795404326100000, "2026-11-23T03:25:26.100000Z" },
  { "2026-11-23T04:55:26+01:30", 1795404326000000, "2026-11-23T03:25:26.000000Z" },
  { "2026-11-22T22:25:26-05:00", 1795404326000000, "2026-11-23T03:25:26.000000Z" },
  { "0001-01-01T00:00:00Z", -62135596800000000, "0001-01-01T00:00:00.000000Z" },
  { "2024-02-29T00:00:00Z", 1709164800000000, "2024-02-29T00:00:00.000000Z" },
  { "2025-02-29T00:00:00Z", -1, NULL },
  { "2026-13-01T00:00:00Z", -1, NULL },
  { "2026-11-23T24:00:00Z", -1, NULL },
  { "2026-11-23T03:60:00Z", -1, NULL },
  { "2026-11-23T03:25:26", -1, NULL },
  { "2026-11-23T03:25:26.Z", -1, NULL },
  { "2026-11-23T03:25:26.1234567890Z", -1, NULL },
  { "2026-11-23T03:25:26Zx", -1, NULL },
  { "2026-11-23T03:25:26+24:00", -1, NULL },
  { "2026-11-23 03:25:26Z", -1, NULL },
  { "2026-11-23", -1, NULL },
  { "", -1, NULL },
};

static void
test_parse (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    gint64 us = -1;
    gboolean parsed = moment_parse_wall (rows[i].text, &us);
    g_assert_cmpint (parsed, ==, rows[i].written != NULL);
    g_assert_cmpint (us, ==, rows[i].us);
  }
}

static void
test_format (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    if (!rows[i].written)
      continue;
    g_autofree char *written = moment_format_wall (rows[i].us);
    g_assert_cmpstr (written, ==, rows[i].written);
  }
  g_autofree char *said = moment_format_said (1795404326128000);
  g_autofree char *before = moment_format_said (-1);
  g_assert_cmpstr (said, ==, "2026-11-23 03:25:26 UTC");
  g_assert_cmpstr (before, ==, "1969-12-31 23:59:59 UTC");
  static const struct {
    gint64 us;
    const char *text;
  } extremes[] = { { -1, "1969-12-31T23:59:59.999999Z" },
                   { G_MAXINT64 / 4, "9999-12-31T23:59:59" },
                   { G_MININT64, "0001-01-01T00:00:00" } };
  for (gsize i = 0; i < G_N_ELEMENTS (extremes); i++) {
    g_autofree char *text = moment_format_wall (extremes[i].us);
    g_assert_true (g_str_has_prefix (text, extremes[i].text));
    g_assert_cmpuint (strlen (text), ==, strlen (rows[1].text));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/moment/parse", test_parse);
  g_test_add_func ("/moment/format", test_format);
  return g_test_run ();
}
