#include "core/run/wire.h"

#include <string.h>

char *
wire_line (json_t *message)
{
  g_autofree char *text = json_dumps (message, JSON_COMPACT);
  json_decref (message);
  return text ? g_strconcat (text, "\n", NULL) : NULL;
}

json_t *
wire_read (const char *line, gsize length)
{
  json_t *message = json_loadb (line, length, JSON_REJECT_DUPLICATES, NULL);
  if (json_is_object (message))
    return message;
  json_decref (message);
  return NULL;
}

struct WireReader {
  gsize line_bytes_max;
  GByteArray *bytes;
  gsize taken;     /* bytes at the front that have been given out */
  gsize looked;    /* up to here there is no line feed after `taken` */
  gsize last_line; /* where the line begins that is not whole yet */
};

WireReader *
wire_reader_new (gsize line_bytes_max)
{
  WireReader *reader = g_new0 (WireReader, 1);
  reader->line_bytes_max = line_bytes_max;
  reader->bytes = g_byte_array_new ();
  return reader;
}

void
wire_reader_free (WireReader *reader)
{
  if (!reader)
    return;
  g_byte_array_unref (reader->bytes);
  g_free (reader);
}

/* Drops what has been given out once it is the larger part, so that every byte is
 * moved but a few times. */
static void
drop_taken (WireReader *reader)
{
  if (reader->taken == 0 || reader->taken < reader->bytes->len / 2)
    return;
  g_byte_array_remove_range (reader->bytes, 0, (guint)reader->taken);
  reader->looked -= reader->taken;
  reader->last_line -= reader->taken;
  reader->taken = 0;
}

/* Whether every line within `length` bytes, the one begun before included, is short
 * enough. */
static gboolean
lines_fit (WireReader *reader, const char *bytes, gsize length)
{
  gsize begun = reader->bytes->len - reader->last_line;
  while (length > 0) {
    const char *feed = memchr (bytes, '\n', length);
    gsize piece = feed ? (gsize)(feed - bytes) : length;
    if (piece > reader->line_bytes_max || begun > reader->line_bytes_max - piece)
      return FALSE;
    if (!feed)
      return TRUE;
    begun = 0;
    bytes += piece + 1;
    length -= piece + 1;
  }
  return TRUE;
}

gboolean
wire_reader_feed (WireReader *reader, const char *bytes, gsize length)
{
  if (length == 0)
    return TRUE;
  if (!lines_fit (reader, bytes, length))
    return FALSE;
  drop_taken (reader);
  const char *last = memrchr (bytes, '\n', length);
  if (last)
    reader->last_line = reader->bytes->len + (gsize)(last - bytes) + 1;
  g_byte_array_append (reader->bytes, (const guint8 *)bytes, (guint)length);
  return TRUE;
}

char *
wire_reader_next (WireReader *reader, gsize *length)
{
  gsize size = reader->bytes->len;
  if (reader->looked >= size)
    return NULL;
  const char *bytes = (const char *)reader->bytes->data;
  const char *feed = memchr (bytes + reader->looked, '\n', size - reader->looked);
  if (!feed) {
    reader->looked = size;
    return NULL;
  }
  const char *line = bytes + reader->taken;
  *length = (gsize)(feed - line);
  char *copy = g_malloc (*length + 1);
  memcpy (copy, line, *length);
  copy[*length] = '\0';
  reader->taken = reader->looked = (gsize)(feed - bytes) + 1;
  return copy;
}
