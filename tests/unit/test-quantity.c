#include <math.h>

#include "core/base/quantity.h"

#define SECOND G_GINT64_CONSTANT (1000000)

static void
test_durations (void)
{
  static const struct {
    const char *text;
    gint64 us; /* -1: refused */
    const char *shortest;
  } rows[] = {
    { "90s", 90 * SECOND, "1m30s" },
    { "2m", 120 * SECOND, "2m" },
    { "1h30m", 5400 * SECOND, "1h30m" },
    { "1d", 86400 * SECOND, "1d" },
    { "36h", 129600 * SECOND, "1d12h" },
    { "250ms", 250000, "250ms" },
    { "1500ms", 1500000, "1s" },
    { "0", 0, "0" },
    { "0s", 0, "0" },
    { "1s5ms", 1005000, "1s" },
    { "365d", 365 * 86400 * SECOND, "365d" },
    { "366d", -1, NULL },
    { "365d1ms", -1, NULL },
    { "99999999999999999999s", -1, NULL },
    { "", -1, NULL },
    { "5", -1, NULL },
    { "00", -1, NULL },
    { "1.5s", -1, NULL },
    { "-5s", -1, NULL },
    { "+5s", -1, NULL },
    { "5 s", -1, NULL },
    { "30m1h", -1, NULL },
    { "1s1s", -1, NULL },
    { "5S", -1, NULL },
    { "1h5", -1, NULL },
    { "s", -1, NULL },
    { "5sec", -1, NULL },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    gint64 us = -1;
    g_assert_cmpint (quantity_parse_duration (rows[i].text, &us), ==, rows[i].us >= 0);
    g_assert_cmpint (us, ==, rows[i].us);
    if (us < 0)
      continue;
    g_autofree char *shortest = quantity_format_duration (us);
    g_assert_cmpstr (shortest, ==, rows[i].shortest);
  }
  g_autofree char *negative = quantity_format_duration (-5);
  g_assert_cmpstr (negative, ==, "0");
}

static void
test_sizes (void)
{
  static const struct {
    const char *text;
    guint64 bytes; /* G_MAXUINT64: refused */
    const char *shortest;
  } rows[] = {
    { "512MiB", 536870912, "512MiB" },
    { "3GB", 3000000000, "3GB" },
    { "100", 100, "100B" },
    { "100B", 100, "100B" },
    { "4KB", 4000, "4kB" },
    { "4kB", 4000, "4kB" },
    { "2048KiB", 2097152, "2MiB" },
    { "0", 0, "0B" },
    { "1EiB", G_GUINT64_CONSTANT (1) << 60, "1EiB" },
    { "2EiB", G_MAXUINT64, NULL },
    { "", G_MAXUINT64, NULL },
    { "MiB", G_MAXUINT64, NULL },
    { "1.5GB", G_MAXUINT64, NULL },
    { "-1", G_MAXUINT64, NULL },
    { "5 MB", G_MAXUINT64, NULL },
    { "5mb", G_MAXUINT64, NULL },
    { "5MB5", G_MAXUINT64, NULL },
    { "99999999999999999999", G_MAXUINT64, NULL },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    guint64 bytes = G_MAXUINT64;
    quantity_parse_size (rows[i].text, &bytes);
    g_assert_cmpuint (bytes, ==, rows[i].bytes);
    if (!rows[i].shortest)
      continue;
    g_autofree char *shortest = quantity_format_size (bytes);
    g_assert_cmpstr (shortest, ==, rows[i].shortest);
  }
}

static void
test_counts (void)
{
  static const struct {
    const char *text;
    guint64 count; /* G_MAXUINT64: refused */
  } rows[] = {
    { "0", 0 },
    { "12", 12 },
    { "9007199254740992", G_GUINT64_CONSTANT (1) << 53 },
    { "9007199254740993", G_MAXUINT64 },
    { "", G_MAXUINT64 },
    { "-1", G_MAXUINT64 },
    { "+1", G_MAXUINT64 },
    { "1 ", G_MAXUINT64 },
    { "0x10", G_MAXUINT64 },
    { "1e3", G_MAXUINT64 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    guint64 count = G_MAXUINT64;
    quantity_parse_count (rows[i].text, &count);
    g_assert_cmpuint (count, ==, rows[i].count);
  }
}

static void
test_rounded (void)
{
  static const struct {
    double number, rounded;
  } rows[] = {
    { 0, 0 },
    { 0.1 + 0.2, 0.3 },
    { -0.1 - 0.2, -0.3 },
    { 0.0000006, 1e-6 },
    { -0.0000004, 0 },
    { 100.40000000596046, 100.4 },
    { 1e300, 1e300 },
    { -INFINITY, -INFINITY },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    double rounded = quantity_round (rows[i].number);
    g_assert_true (!(rounded < rows[i].rounded) && !(rounded > rows[i].rounded));
  }
  g_assert_true (isnan (quantity_round (NAN)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/quantity/durations", test_durations);
  g_test_add_func ("/quantity/sizes", test_sizes);
  g_test_add_func ("/quantity/counts", test_counts);
  g_test_add_func ("/quantity/rounded", test_rounded);
  return g_test_run ();
}
