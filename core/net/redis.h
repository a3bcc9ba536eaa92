/* redis.h: what is said to a Redis or Valkey and what it answers, as bytes; the one adapter
 * of hiredis. redis_link.h sends and receives them. */
#ifndef HANDRAIL_NET_REDIS_H
#define HANDRAIL_NET_REDIS_H

#include <glib.h>

typedef enum {
  REDIS_TROUBLE_SETUP,     /* the site file, the password file or the address is wrong */
  REDIS_TROUBLE_REACH,     /* no connection, or it broke */
  REDIS_TROUBLE_LATE,      /* no answer in time */
  REDIS_TROUBLE_REFUSED,   /* the server answers, and would not do it */
  REDIS_TROUBLE_NONSENSE,  /* what came is no reply of a Redis */
  REDIS_TROUBLE_TOO_LARGE, /* more came than is taken */
} RedisTrouble;
#define REDIS_TROUBLE (redis_trouble_quark ())
GQuark redis_trouble_quark (void);

/* ---- commands ------------------------------------------------------------- */

/* A pipeline as it is sent; may be sent any number of times. */
typedef struct RedisCommands RedisCommands;
RedisCommands *redis_commands_new (void);
void redis_commands_free (RedisCommands *commands);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RedisCommands, redis_commands_free)

/* Words are bytes of any kind; copied. */
void redis_commands_add (RedisCommands *commands, guint count, const char *const *words,
                         const gsize *lengths);
/* The same for texts that end in NUL; NULL ends the list. */
void redis_commands_add_words (RedisCommands *commands, ...) G_GNUC_NULL_TERMINATED;
guint redis_commands_count (const RedisCommands *commands);
/* Owned by `commands`, until the next is added. */
const char *redis_commands_bytes (const RedisCommands *commands, gsize *length);

/* ---- replies -------------------------------------------------------------- */

typedef enum {
  REDIS_NIL,
  REDIS_INTEGER,
  REDIS_TEXT,  /* a string or a status */
  REDIS_ERROR, /* the server's "CODE words" */
  REDIS_LIST,
} RedisType;

typedef struct RedisReply RedisReply;
RedisType redis_reply_type (const RedisReply *reply);
gint64 redis_reply_integer (const RedisReply *reply); /* of an INTEGER; else 0 */
/* Of a TEXT or ERROR, NUL-terminated; else "". */
const char *redis_reply_text (const RedisReply *reply, gsize *length);
guint redis_reply_count (const RedisReply *reply); /* of a LIST; else 0 */
const RedisReply *redis_reply_nth (const RedisReply *list, guint index);
/* An ERROR that begins with this code: "NOPERM". */
gboolean redis_reply_is_error (const RedisReply *reply, const char *code);

/* Sets `error` to a sentence with a remedy for an ERROR that the Redis `name` gave when
 * it was asked to `verb` ("read the queues"). */
void redis_reply_explain (const RedisReply *reply, const char *name, const char *verb,
                          GError **error);

/* FALSE with `error` if one of `replies` says that the server as a whole does not serve
 * (no login, still loading, cut off from its primary); other errors are the caller's. */
gboolean redis_replies_good (const RedisReply *replies, const char *name, GError **error);

/* ---- reading replies out of bytes ------------------------------------------ */

/* Replies of one exchange: all of them together. */
#define REDIS_EXCHANGE_BYTES_MAX (64 * 1024 * 1024)
/* The largest sample (QUEUES_MAX queues, a thousand processes) has 40,000. hiredis would
 * set aside memory for as many as a server announces. */
#define REDIS_EXCHANGE_REPLIES_MAX 200000
/* A status, an error or a number; hiredis looks for its end anew each time more comes. */
#define REDIS_LINE_BYTES_MAX 65536

typedef struct RedisReader RedisReader;
RedisReader *redis_reader_new (void);
void redis_reader_free (RedisReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RedisReader, redis_reader_free)

/* Forgets what was read and waits for so many replies. */
void redis_reader_begin (RedisReader *reader, guint count);

/* The LIST of all replies once they are there (owned by the reader, until the next
 * redis_reader_begin()); NULL: more bytes are wanted, or `error` says what is wrong. */
const RedisReply *redis_reader_feed (RedisReader *reader, const char *bytes, gsize length,
                                     GError **error);

/* The first reply of an exchange that is not over, if it is an ERROR; else NULL. A server
 * that lets nobody in says why and closes the connection. */
const RedisReply *redis_reader_first (const RedisReader *reader);

#endif
