#include "core/practice/redis/resp.h"

#include <string.h>

#include "core/practice/redis/redis_words.h"
#include "core/practice/redis/resp_write.h"

/* Redis' own for a line, which keeps somebody who never ends one from filling the memory. */
#define LINE_BYTES_MAX (64 * 1024)

/* Of one command. Redis takes a thousand times as many; what is sent here is
 * asked about a few hundred keys at most. */
#define WORDS_MAX 1024
#define COMMAND_BYTES_MAX (1024 * 1024)

/* Whoever asks faster than it reads is cut off, before the answers fill the memory. */
#define ANSWERS_BYTES_MAX (64 * 1024 * 1024)

#define LINE_LIMIT_TEXT "ERR Protocol error: too big %s"

typedef enum {
  TAKEN,  /* a part of a command */
  WANTED, /* more bytes */
  BROKEN, /* the protocol; it has been said how */
} Taken;

struct RespConnection {
  RedisClient *client;
  GString *bytes;    /* what has come, and is not done with */
  gsize at;          /* how much of it has been taken */
  GPtrArray *words;  /* of the command that is coming */
  gsize words_bytes; /* in them */
  guint left;        /* words yet to come of an array; 0: between commands */
  gssize length;     /* of the word that is coming, -1: not yet known */
};

RespConnection *
resp_new (Redis *redis)
{
  RespConnection *connection = g_new0 (RespConnection, 1);
  connection->client = redis_client_new (redis);
  connection->bytes = g_string_new (NULL);
  connection->words = redis_words_new ();
  connection->length = -1;
  return connection;
}

void
resp_free (RespConnection *connection)
{
  if (!connection)
    return;
  redis_client_free (connection->client);
  g_string_free (connection->bytes, TRUE);
  g_ptr_array_unref (connection->words);
  g_free (connection);
}

/* ---- commands in --------------------------------------------------------------- */

/* What is to come as a line, without its end; NULL: it is not all there yet. With `strict`
 * the end is "\r\n" and a carriage return alone ends it too, as Redis has it. */
static const char *
take_line (RespConnection *connection, gboolean strict, gsize *length)
{
  const char *begin = connection->bytes->str + connection->at;
  gsize have = connection->bytes->len - connection->at;
  const char *end = memchr (begin, strict ? '\r' : '\n', have);
  gsize skipped = strict ? 2 : 1;
  if (!end || (gsize)(end - begin) + skipped > have)
    return NULL;
  *length = (gsize)(end - begin);
  connection->at += *length + skipped;
  if (!strict && *length > 0 && end[-1] == '\r')
    (*length)--;
  return begin;
}

/* No line end has come, though a line may not be so long. */
static gboolean
is_too_long (const RespConnection *connection)
{
  return connection->bytes->len - connection->at > LINE_BYTES_MAX;
}

static Taken
take_inline (RespConnection *connection, GString *out)
{
  gsize length;
  const char *line = take_line (connection, FALSE, &length);
  if (!line && !is_too_long (connection))
    return WANTED;
  if (!line || length > LINE_BYTES_MAX) {
    resp_write_error (out, LINE_LIMIT_TEXT, "inline request");
    return BROKEN;
  }
  g_autoptr (GPtrArray) words = redis_words_split (line, length);
  if (!words) {
    resp_write_error (out, "ERR Protocol error: unbalanced quotes in request");
    return BROKEN;
  }
  g_ptr_array_unref (connection->words);
  connection->words = g_steal_pointer (&words);
  return TAKEN;
}

/* "*3": so many words will come. */
static Taken
take_count (RespConnection *connection, GString *out)
{
  gsize length;
  gint64 count;
  const char *line = take_line (connection, TRUE, &length);
  if (!line && !is_too_long (connection))
    return WANTED;
  if (!line) {
    resp_write_error (out, LINE_LIMIT_TEXT, "mbulk count string");
    return BROKEN;
  }
  if (!redis_words_integer (line + 1, length - 1, &count) || count > WORDS_MAX) {
    resp_write_error (out, "ERR Protocol error: invalid multibulk length");
    return BROKEN;
  }
  connection->left = (guint)MAX (count, 0);
  return TAKEN;
}

/* "$5": a word of so many bytes will come. */
static Taken
take_length (RespConnection *connection, GString *out)
{
  gsize length;
  gint64 bytes;
  if (connection->at == connection->bytes->len)
    return WANTED;
  const char *line = take_line (connection, TRUE, &length);
  if (!line && !is_too_long (connection))
    return WANTED;
  if (!line) {
    resp_write_error (out, LINE_LIMIT_TEXT, "bulk count string");
    return BROKEN;
  }
  if (line[0] != '$') {
    resp_write_error (out, "ERR Protocol error: expected '$', got '%c'", line[0]);
    return BROKEN;
  }
  if (!redis_words_integer (line + 1, length - 1, &bytes) || bytes < 0 ||
      (gsize)bytes > COMMAND_BYTES_MAX - connection->words_bytes) {
    resp_write_error (out, "ERR Protocol error: invalid bulk length");
    return BROKEN;
  }
  connection->length = (gssize)bytes;
  return TAKEN;
}

/* The two bytes behind a word are taken for its end whatever they are, as Redis does. */
static Taken
take_word (RespConnection *connection)
{
  gsize length = (gsize)connection->length;
  if (connection->bytes->len - connection->at < length + 2)
    return WANTED;
  const char *begin = connection->bytes->str + connection->at;
  g_ptr_array_add (connection->words, g_string_new_len (begin, connection->length));
  connection->at += length + 2;
  connection->words_bytes += length;
  connection->length = -1;
  connection->left--;
  return TAKEN;
}

static Taken
take_part (RespConnection *connection, GString *out)
{
  if (connection->left > 0)
    return connection->length < 0 ? take_length (connection, out)
                                  : take_word (connection);
  if (connection->at == connection->bytes->len)
    return WANTED;
  if (connection->bytes->str[connection->at] == '*')
    return take_count (connection, out);
  return take_inline (connection, out);
}

/* A whole command that has come is answered; FALSE: the connection is over. */
static gboolean
answer (RespConnection *connection, GString *out)
{
  if (connection->left > 0 || connection->words->len == 0)
    return TRUE;
  gboolean goes_on = redis_client_answer (connection->client, connection->words, out);
  g_ptr_array_set_size (connection->words, 0);
  connection->words_bytes = 0;
  return goes_on;
}

gboolean
resp_take (RespConnection *connection, const char *bytes, gsize length, GString *out)
{
  gsize before = out->len;
  Taken taken;
  g_string_append_len (connection->bytes, bytes, (gssize)length);
  while ((taken = take_part (connection, out)) == TAKEN)
    if (!answer (connection, out) || out->len - before > ANSWERS_BYTES_MAX)
      return FALSE;
  g_string_erase (connection->bytes, 0, (gssize)connection->at);
  connection->at = 0;
  return taken != BROKEN;
}
