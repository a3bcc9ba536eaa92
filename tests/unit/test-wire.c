#include "core/run/wire.h"

#include <malloc.h>
#include <string.h>

static void
test_line (void)
{
  g_autofree char *line =
      wire_line (json_pack ("{ss ss}", "say", "note", "text", "a\nb"));
  g_assert_cmpstr (line, ==, "{\"say\":\"note\",\"text\":\"a\\nb\"}\n");
  json_t *message = wire_read (line, strlen (line) - 1);
  g_assert_cmpstr (json_string_value (json_object_get (message, "text")), ==, "a\nb");
  json_decref (message);
}

static void
test_read_refuses (void)
{
  static const char *const rows[] = { "",     "[]", "7",    "{\"a\":1,\"a\":2}",
                                      "{} x", "{",  "null", "\xff" };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_null (wire_read (rows[i], strlen (rows[i])));
}

/* The lines come out the same whatever pieces they came in. */
static void
test_pieces (void)
{
  static const char bytes[] = "one\n\ntwo\r\nthree with \0 in it\nunfinished";
  static const char *const wanted[] = { "one", "", "two\r", "three with " };
  static const gsize lengths[] = { 3, 0, 4, 18 };
  for (gsize size = 1; size < sizeof bytes; size++) {
    WireReader *reader = wire_reader_new (18);
    gsize seen = 0, length;
    for (gsize at = 0; at < sizeof bytes - 1; at += size) {
      g_assert_true (
          wire_reader_feed (reader, bytes + at, MIN (size, sizeof bytes - 1 - at)));
      char *line;
      while ((line = wire_reader_next (reader, &length))) {
        g_assert_cmpuint (seen, <, G_N_ELEMENTS (wanted));
        g_assert_cmpstr (line, ==, wanted[seen]);
        g_assert_cmpuint (length, ==, lengths[seen]);
        seen++;
        g_free (line);
      }
    }
    g_assert_cmpuint (seen, ==, G_N_ELEMENTS (wanted));
    wire_reader_free (reader);
  }
}

static void
test_too_long (void)
{
  static const struct {
    const char *first, *second;
    gboolean fits;
  } rows[] = {
    { "12345", "\n", TRUE },         { "123", "456\n", FALSE },
    { "123456", "", FALSE },         { "1\n12345", "\n1", TRUE },
    { "1\n2\n", "123456", FALSE },   { "12345\n12345", "6", FALSE },
    { "a\nb\n", "12345\n", TRUE },   { "1\n123456\n", "", FALSE },
    { "12345", "", TRUE },           { "\n\n12345\n1\n123456\n1", "", FALSE },
    { "\n\n\n12345\n", "\n", TRUE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    WireReader *reader = wire_reader_new (5);
    gboolean fits = wire_reader_feed (reader, rows[i].first, strlen (rows[i].first)) &&
                    wire_reader_feed (reader, rows[i].second, strlen (rows[i].second));
    g_assert_cmpint (fits, ==, rows[i].fits);
    wire_reader_free (reader);
  }
}

/* What is allocated, in bytes; 0 where another allocator stands in. */
static gsize
allocated (void)
{
  struct mallinfo2 info = mallinfo2 ();
  return info.uordblks + info.hblkhd;
}

/* Memory and time stay in proportion while lines come and go. */
static void
test_many (void)
{
  WireReader *reader = wire_reader_new (WIRE_LINE_BYTES_MAX);
  g_autofree char *line = g_strnfill (1000, 'x');
  gsize length, seen = 0, before = allocated ();
  line[999] = '\n';
  for (guint i = 0; i < 20000; i++) {
    g_assert_true (wire_reader_feed (reader, line, 1000));
    if (i < 10 || i % 2 == 0)
      continue;
    char *got;
    while ((got = wire_reader_next (reader, &length))) {
      g_assert_cmpuint (length, ==, 999);
      seen++;
      g_free (got);
    }
  }
  g_assert_cmpuint (seen, ==, 20000);
  g_assert_cmpuint (allocated (), <=, before + 1024 * 1024);
  wire_reader_free (reader);
  wire_reader_free (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/line", test_line);
  g_test_add_func ("/wire/read-refuses", test_read_refuses);
  g_test_add_func ("/wire/pieces", test_pieces);
  g_test_add_func ("/wire/too-long", test_too_long);
  g_test_add_func ("/wire/many", test_many);
  return g_test_run ();
}
