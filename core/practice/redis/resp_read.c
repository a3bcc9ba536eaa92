#include "core/practice/redis/resp_read.h"

#include <string.h>

#include "core/practice/redis/redis_words.h"

/* Of one answer. Everything that a simulated Redis holds is some megabytes; its
 * answers are no deeper than that of SCAN. */
#define REPLY_BYTES_MAX (256 * 1024 * 1024)
#define REPLY_DEPTH_MAX 8

typedef struct {
  RespReader *reader;
  gsize at; /* how much of its bytes has been taken */
  guint depth;
} Place;

void
resp_reply_free (RespReply *reply)
{
  if (!reply)
    return;
  if (reply->text)
    g_string_free (reply->text, TRUE);
  g_clear_pointer (&reply->items, g_ptr_array_unref);
  g_free (reply);
}

static void
item_free (void *item)
{
  resp_reply_free (item);
}

static gboolean
fill (const Place *place)
{
  GString *bytes = place->reader->bytes;
  return bytes->len <= REPLY_BYTES_MAX &&
         place->reader->fill (bytes, place->reader->data);
}

/* Without its end, in bytes that live until more are asked for. */
static const char *
take_line (Place *place, gsize *length)
{
  gsize seen = 0;
  for (;;) {
    const GString *bytes = place->reader->bytes;
    const char *begin = bytes->str + place->at;
    gsize have = bytes->len - place->at;
    const char *end = memchr (begin + seen, '\n', have - seen);
    if (end && (end == begin || end[-1] != '\r'))
      return NULL;
    if (end) {
      *length = (gsize)(end - begin) - 1;
      place->at += *length + 2;
      return begin;
    }
    seen = have;
    if (!fill (place))
      return NULL;
  }
}

static GString *
take_text (Place *place, gsize length)
{
  if (length > REPLY_BYTES_MAX)
    return NULL;
  while (place->reader->bytes->len - place->at < length + 2)
    if (!fill (place))
      return NULL;
  GString *text =
      g_string_new_len (place->reader->bytes->str + place->at, (gssize)length);
  place->at += length + 2;
  return text;
}

static RespReply *take_reply (Place *place);

static gboolean
take_items (Place *place, RespReply *reply, gint64 count)
{
  reply->items = g_ptr_array_new_with_free_func (item_free);
  if (place->depth >= REPLY_DEPTH_MAX)
    return FALSE;
  place->depth++;
  for (gint64 i = 0; i < count; i++) {
    RespReply *item = take_reply (place);
    if (!item)
      return FALSE;
    g_ptr_array_add (reply->items, item);
  }
  place->depth--;
  return TRUE;
}

/* What a length, or a number, stands before. */
static gboolean
take_counted (Place *place, char mark, gint64 number, RespReply *reply)
{
  if (mark == ':') {
    reply->kind = RESP_INTEGER;
    reply->number = number;
    return TRUE;
  }
  if (number < 0) {
    reply->kind = RESP_NIL;
    return number == -1;
  }
  reply->kind = mark == '$' ? RESP_TEXT : RESP_LIST;
  if (mark == '*')
    return take_items (place, reply, number);
  reply->text = take_text (place, (gsize)number);
  return reply->text != NULL;
}

static RespReply *
take_reply (Place *place)
{
  gsize length;
  gint64 number;
  g_autoptr (RespReply) reply = g_new0 (RespReply, 1);
  const char *line = take_line (place, &length);
  if (!line || length == 0)
    return NULL;
  char mark = line[0];
  if (mark == '+' || mark == '-') {
    reply->kind = mark == '+' ? RESP_STATUS : RESP_ERROR;
    reply->text = g_string_new_len (line + 1, (gssize)length - 1);
    return g_steal_pointer (&reply);
  }
  if (!strchr (":$*", mark) || !redis_words_integer (line + 1, length - 1, &number) ||
      !take_counted (place, mark, number, reply))
    return NULL;
  return g_steal_pointer (&reply);
}

RespReply *
resp_read (RespReader *reader)
{
  Place place = { reader, 0, 0 };
  RespReply *reply = take_reply (&place);
  g_string_erase (reader->bytes, 0, (gssize)place.at);
  return reply;
}
