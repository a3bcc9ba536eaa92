#include <string.h>

#include "core/run/reading.h"
#include "core/run/wire.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length);

#define LINE_BYTES_MAX 64

static void
check_line (const char *line, gsize length)
{
  json_t *message = wire_read (line, length);
  if (!message)
    return;
  Reading *reading = reading_from_json (json_object_get (message, "reading"));
  if (reading) {
    json_t *json = reading_to_json (reading);
    g_assert_nonnull (json);
    json_decref (json);
    reading_free (reading);
  }
  g_autofree char *written = wire_line (json_incref (message));
  json_t *again = wire_read (written, strlen (written) - 1);
  g_assert_true (json_equal (message, again));
  json_decref (again);
  json_decref (message);
}

/* Fed in pieces, the lines are those that stand between line feeds, up to the one
 * that is too long. */
static void
check_pieces (const char *bytes, gsize length, gsize piece)
{
  WireReader *reader = wire_reader_new (LINE_BYTES_MAX);
  const char *expected = bytes;
  gboolean fits = TRUE;
  for (gsize at = 0; at < length && fits; at += piece) {
    fits = wire_reader_feed (reader, bytes + at, MIN (piece, length - at));
    gsize size;
    for (char *line; fits && (line = wire_reader_next (reader, &size)); g_free (line)) {
      g_assert_true (memcmp (line, expected, size) == 0);
      g_assert_true (size <= LINE_BYTES_MAX && expected[size] == '\n');
      expected += size + 1;
    }
  }
  const char *feed = memchr (expected, '\n', (gsize)(bytes + length - expected));
  gsize rest = (gsize)(bytes + length - expected);
  g_assert_true (!fits || (!feed && rest <= LINE_BYTES_MAX));
  wire_reader_free (reader);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  if (length == 0)
    return 0;
  const char *text = (const char *)bytes, *end = text + length;
  for (const char *line = text; line < end;) {
    const char *feed = memchr (line, '\n', (gsize)(end - line));
    gsize size = feed ? (gsize)(feed - line) : (gsize)(end - line);
    check_line (line, size);
    line += size + 1;
  }
  check_pieces (text, length, 1 + bytes[0] % 100U);
  return 0;
}
