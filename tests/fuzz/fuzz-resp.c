#include "core/practice/redis/redis_words.h"
#include "core/practice/redis/resp.h"
#include "core/practice/redis/resp_read.h"
#include "tests/unit/world_bed.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length);

#define DATABASE 1
#define PIECES_MAX 16

/* What a connection of a new world answers. FALSE in *open: it was closed. */
static GString *
answers_to (const char *bytes, gsize length, gsize piece, gboolean *open)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed_begin (&bed, 7);
  bed_pass (&bed, 6);
  g_autoptr (Redis) redis = redis_new (bed.world, DATABASE, "redis");
  g_autoptr (RespConnection) connection = resp_new (redis);
  GString *out = g_string_new (NULL);
  static const char select[] = "SELECT 1\r\n";
  *open = resp_take (connection, select, strlen (select), out);
  for (gsize at = 0; at < length && *open; at += piece)
    *open = resp_take (connection, bytes + at, MIN (piece, length - at), out);
  return out;
}

static gboolean
no_more (GString *bytes, void *data)
{
  (void)bytes;
  (void)data;
  return FALSE;
}

/* Whole answers, one behind the other. */
static void
check_answers (GString *out)
{
  RespReader reader = { out, no_more, NULL };
  while (out->len > 0) {
    g_autoptr (RespReply) reply = resp_read (&reader);
    g_assert_nonnull (reply);
  }
}

/* As commands in any pieces; as an answer; as a line. */
int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  if (length == 0)
    return 0;
  const char *text = (const char *)bytes;
  gsize piece = 1 + bytes[length - 1] % PIECES_MAX;
  gboolean open, open_in_pieces;
  GString *whole = answers_to (text, length, length, &open);
  GString *in_pieces = answers_to (text, length, piece, &open_in_pieces);
  g_assert_true (g_string_equal (whole, in_pieces));
  g_assert_true (open == open_in_pieces);
  check_answers (whole);
  g_string_free (whole, TRUE);
  g_string_free (in_pieces, TRUE);
  RespReader reader = { g_string_new_len (text, (gssize)length), no_more, NULL };
  resp_reply_free (resp_read (&reader));
  g_string_free (reader.bytes, TRUE);
  g_autoptr (GPtrArray) words = redis_words_split (text, length);
  g_assert_true (!words || words->len <= length);
  return 0;
}
