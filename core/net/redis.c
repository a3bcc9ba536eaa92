#include "core/net/redis.h"

#include <hiredis/hiredis.h>
#include <stdarg.h>
#include <string.h>

#include "core/base/text.h"

G_DEFINE_QUARK (handrail_redis_trouble, redis_trouble)

/* What is kept for the next exchange; a larger one gives its memory back. */
#define KEPT_BYTES_MAX (4 * 1024 * 1024)
#define BLOCK_BYTES_MIN 16384
/* Of a server's own words in a sentence. */
#define WORDS_SHOWN 160

struct RedisCommands {
  GByteArray *bytes;
  guint count;
};

struct RedisReply {
  RedisType type;
  guint count;   /* of a list */
  gint64 number; /* the integer, or the length of a text */
  union {
    const char *text;
    RedisReply *list;
  };
};

/* A stretch of memory that replies are laid out in, one behind the other. */
typedef struct Block Block;
struct Block {
  Block *before;
  gsize size, used;
  char bytes[];
};

struct RedisReader {
  redisReader *hiredis; /* NULL until the first exchange, and after a failed one */
  Block *block;         /* the one being filled */
  RedisReply root;
  gsize bytes; /* of this exchange so far */
  gsize replies;
  gboolean too_many;
};

/* ---- commands ------------------------------------------------------------- */

RedisCommands *
redis_commands_new (void)
{
  RedisCommands *commands = g_new0 (RedisCommands, 1);
  commands->bytes = g_byte_array_new ();
  return commands;
}

void
redis_commands_free (RedisCommands *commands)
{
  if (!commands)
    return;
  g_byte_array_unref (commands->bytes);
  g_free (commands);
}

void
redis_commands_add (RedisCommands *commands, guint count, const char *const *words,
                    const gsize *lengths)
{
  char *formatted = NULL;
  int length =
      redisFormatCommandArgv (&formatted, (int)count, (const char **)words, lengths);
  if (length < 0)
    g_error ("a command of %u words could not be laid out", count); /* out of memory */
  g_byte_array_append (commands->bytes, (const guint8 *)formatted, (guint)length);
  commands->count++;
  redisFreeCommand (formatted);
}

void
redis_commands_add_words (RedisCommands *commands, ...)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autoptr (GArray) lengths = g_array_new (FALSE, FALSE, sizeof (gsize));
  va_list arguments;
  va_start (arguments, commands);
  for (char *word; (word = va_arg (arguments, char *));) {
    gsize length = strlen (word);
    g_ptr_array_add (words, word);
    g_array_append_val (lengths, length);
  }
  va_end (arguments);
  redis_commands_add (commands, words->len, (const char *const *)words->pdata,
                      (const gsize *)(const void *)lengths->data);
}

guint
redis_commands_count (const RedisCommands *commands)
{
  return commands->count;
}

const char *
redis_commands_bytes (const RedisCommands *commands, gsize *length)
{
  *length = commands->bytes->len;
  return (const char *)commands->bytes->data;
}

/* ---- replies -------------------------------------------------------------- */

RedisType
redis_reply_type (const RedisReply *reply)
{
  return reply->type;
}

gint64
redis_reply_integer (const RedisReply *reply)
{
  return reply->type == REDIS_INTEGER ? reply->number : 0;
}

const char *
redis_reply_text (const RedisReply *reply, gsize *length)
{
  gboolean is_text = reply->type == REDIS_TEXT || reply->type == REDIS_ERROR;
  if (length)
    *length = is_text ? (gsize)reply->number : 0;
  return is_text ? reply->text : "";
}

guint
redis_reply_count (const RedisReply *reply)
{
  return reply->type == REDIS_LIST ? reply->count : 0;
}

const RedisReply *
redis_reply_nth (const RedisReply *list, guint index)
{
  g_assert (index < redis_reply_count (list));
  return &list->list[index];
}

gboolean
redis_reply_is_error (const RedisReply *reply, const char *code)
{
  gsize length = strlen (code);
  return reply->type == REDIS_ERROR && strncmp (reply->text, code, length) == 0 &&
         (reply->text[length] == ' ' || reply->text[length] == '\0');
}

/* ---- a server that says no ------------------------------------------------ */

/* By the word that an error begins with. `whole`: nothing else will be answered either. */
static const struct {
  const char *code;
  gboolean whole;
  const char *says; /* after the name of the Redis */
} refusals[] = {
  { "NOAUTH", TRUE,
    "wants a login; give its password-file (and its user, if there is one) in the site "
    "file" },
  { "WRONGPASS", TRUE,
    "does not accept the user or the password; correct what the site file names" },
  { "LOADING", TRUE, "is loading its data and answers nothing yet; wait until it has" },
  { "MASTERDOWN", TRUE,
    "is a replica that has lost its primary; name the primary in the site file, or see "
    "why they do not reach each other" },
  { "CLUSTERDOWN", TRUE, "is part of a cluster that is down; see to the cluster" },
  { "DENIED", TRUE,
    "is in protected mode and takes connections from its own host only; set a password "
    "there, or run this on that host" },
  { "BUSY", TRUE, "is busy with a script that does not end; see SCRIPT KILL there" },
  { "READONLY", FALSE,
    "is a replica and cannot be written to; name the primary in the site file" },
  { "MISCONF", FALSE,
    "takes no writes because it cannot save to disk; see its log and the room on its "
    "disk" },
  { "OOM", FALSE, "takes no writes because its memory is full; see maxmemory there" },
  { "MOVED", FALSE,
    "is part of a cluster and keeps this elsewhere; job queues want a Redis that is no "
    "cluster" },
};

static gint
refusal_find (const RedisReply *reply)
{
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    if (redis_reply_is_error (reply, refusals[i].code))
      return (gint)i;
  return -1;
}

void
redis_reply_explain (const RedisReply *reply, const char *name, const char *verb,
                     GError **error)
{
  gint found = refusal_find (reply);
  gsize length;
  const char *text = redis_reply_text (reply, &length);
  g_autofree char *printable = text_printable (text, (gssize)length);
  g_autofree char *words = text_cut_middle (printable, WORDS_SHOWN);
  if (found >= 0)
    g_set_error (error, REDIS_TROUBLE, REDIS_TROUBLE_REFUSED, "%s %s", name,
                 refusals[found].says);
  else if (redis_reply_is_error (reply, "NOPERM"))
    g_set_error (error, REDIS_TROUBLE, REDIS_TROUBLE_REFUSED,
                 "%s does not let this user %s (%s); have its ACL allow it", name, verb,
                 words);
  else if (strstr (words, "max number of clients"))
    g_set_error (error, REDIS_TROUBLE, REDIS_TROUBLE_REFUSED,
                 "%s has as many clients as it takes; see maxclients there", name);
  else if (reply->type == REDIS_ERROR)
    g_set_error (error, REDIS_TROUBLE, REDIS_TROUBLE_REFUSED,
                 "%s would not %s and says: %s", name, verb, words);
  else
    g_set_error (error, REDIS_TROUBLE, REDIS_TROUBLE_NONSENSE,
                 "%s was asked to %s and answered something else; see what serves there",
                 name, verb);
}

gboolean
redis_replies_good (const RedisReply *replies, const char *name, GError **error)
{
  for (guint i = 0; i < replies->count; i++) {
    const RedisReply *reply = &replies->list[i];
    gint found = reply->type == REDIS_ERROR ? refusal_find (reply) : -1;
    if (found >= 0 && refusals[found].whole) {
      redis_reply_explain (reply, name, "answer", error);
      return FALSE;
    }
  }
  return TRUE;
}

/* ---- reading -------------------------------------------------------------- */

/* Good until the next redis_reader_begin(). */
static void *
take_memory (RedisReader *reader, gsize size)
{
  Block *block = reader->block;
  gsize rounded = (size + 7) & ~(gsize)7;
  if (!block || block->size - block->used < rounded) {
    gsize room = MAX (rounded, block ? block->size * 2 : BLOCK_BYTES_MIN);
    room = MIN (room, MAX (rounded, KEPT_BYTES_MAX));
    Block *next = g_malloc (sizeof (Block) + room);
    next->before = block;
    next->size = room;
    next->used = 0;
    reader->block = block = next;
  }
  void *memory = block->bytes + block->used;
  block->used += rounded;
  return memory;
}

/* Keeps the last block, the largest there was, unless it is too large to keep. */
static void
forget_memory (RedisReader *reader, gsize kept_bytes)
{
  Block *block = reader->block;
  gboolean keeps = block && block->size <= kept_bytes;
  Block *rest = keeps ? block->before : block;
  while (rest) {
    Block *before = rest->before;
    g_free (rest);
    rest = before;
  }
  reader->block = keeps ? block : NULL;
  if (keeps) {
    block->before = NULL;
    block->used = 0;
  }
}

/* Where the reply that hiredis has read goes: into its place in the list around it. */
static RedisReply *
place_of (const redisReadTask *task)
{
  RedisReader *reader = task->privdata;
  RedisReply *list = task->parent ? task->parent->obj : NULL;
  return list ? &list->list[task->idx] : &reader->root;
}

static void *
create_string (const redisReadTask *task, char *bytes, size_t length)
{
  RedisReply *reply = place_of (task);
  char *text = take_memory (task->privdata, length + 1);
  memcpy (text, bytes, length);
  text[length] = '\0';
  reply->type = task->type == REDIS_REPLY_ERROR ? REDIS_ERROR : REDIS_TEXT;
  reply->text = text;
  reply->number = (gint64)length;
  return reply;
}

static void *
create_list (const redisReadTask *task, int count)
{
  RedisReader *reader = task->privdata;
  RedisReply *reply = place_of (task);
  gsize more = (gsize)MAX (count, 0);
  if (more > REDIS_EXCHANGE_REPLIES_MAX - reader->replies) {
    reader->too_many = TRUE;
    return NULL; /* hiredis reads no further */
  }
  reader->replies += more;
  gsize size = more * sizeof (RedisReply);
  reply->list = take_memory (reader, size);
  memset (reply->list, 0, size);
  reply->type = REDIS_LIST;
  reply->count = (guint)more;
  return reply;
}

static void *
create_integer (const redisReadTask *task, long long value)
{
  RedisReply *reply = place_of (task);
  reply->type = REDIS_INTEGER;
  reply->number = value;
  return reply;
}

static void *
create_nil (const redisReadTask *task)
{
  RedisReply *reply = place_of (task);
  reply->type = REDIS_NIL;
  return reply;
}

static void
free_nothing (void *reply G_GNUC_UNUSED)
{
}

/* hiredis wants them writable, and does not write. */
static const redisReplyObjectFunctions functions = {
  .createString = create_string,
  .createArray = create_list,
  .createInteger = create_integer,
  .createNil = create_nil,
  .freeObject = free_nothing,
};

RedisReader *
redis_reader_new (void)
{
  return g_new0 (RedisReader, 1);
}

static void
drop_hiredis (RedisReader *reader)
{
  if (reader->hiredis)
    redisReaderFree (reader->hiredis);
  reader->hiredis = NULL;
}

void
redis_reader_free (RedisReader *reader)
{
  if (!reader)
    return;
  drop_hiredis (reader);
  forget_memory (reader, 0);
  g_free (reader);
}

/* The replies are read as the elements of one list, which hiredis does in one go; one by
 * one it would move what is still unread after each. */
void
redis_reader_begin (RedisReader *reader, guint count)
{
  char head[32];
  int length = g_snprintf (head, sizeof head, "*%u\r\n", count);
  gboolean clean = reader->hiredis && reader->hiredis->ridx < 0 &&
                   !reader->hiredis->err && reader->hiredis->len == reader->hiredis->pos;
  if (!clean) {
    drop_hiredis (reader);
    reader->hiredis = redisReaderCreateWithFunctions (
        (redisReplyObjectFunctions *)(gpointer)&functions);
    if (!reader->hiredis)
      g_error ("no memory is left to read replies with");
    reader->hiredis->maxbuf = KEPT_BYTES_MAX;
    reader->hiredis->privdata = reader;
  }
  forget_memory (reader, KEPT_BYTES_MAX);
  memset (&reader->root, 0, sizeof reader->root);
  reader->bytes = reader->replies = 0;
  reader->too_many = FALSE;
  redisReaderFeed (reader->hiredis, head, (size_t)length);
}

/* Whether what hiredis waits for is more than is taken, going by what it announces. */
static gboolean
announces_too_much (const RedisReader *reader)
{
  const redisReader *hiredis = reader->hiredis;
  if (hiredis->ridx < 0 || hiredis->pos >= hiredis->len)
    return FALSE;
  const char *at = hiredis->buf + hiredis->pos; /* behind the byte that gives the type */
  gsize left = hiredis->len - hiredis->pos;
  if (!memchr (at, '\n', MIN (left, REDIS_LINE_BYTES_MAX)))
    return left >= REDIS_LINE_BYTES_MAX;
  return hiredis->rstack[hiredis->ridx].type == REDIS_REPLY_STRING &&
         g_ascii_strtoull (at, NULL, 10) > REDIS_EXCHANGE_BYTES_MAX;
}

static void
fail_too_large (GError **error)
{
  g_set_error (error, REDIS_TROUBLE, REDIS_TROUBLE_TOO_LARGE,
               "answers with more than the %d MiB or %d values that are taken at a time; "
               "see what is kept there",
               REDIS_EXCHANGE_BYTES_MAX / (1024 * 1024), REDIS_EXCHANGE_REPLIES_MAX);
}

static void
fail_nonsense (guint8 first, GError **error)
{
  gboolean tls = first == 0x15 || first == 0x16; /* an alert, a handshake: RFC 8446 5.1 */
  g_set_error (error, REDIS_TROUBLE, REDIS_TROUBLE_NONSENSE,
               tls ? "speaks TLS; write rediss:// in the site file"
                   : "answers with something that is no reply of a Redis; correct host "
                     "and port in the site file");
}

const RedisReply *
redis_reader_feed (RedisReader *reader, const char *bytes, gsize length, GError **error)
{
  redisReader *hiredis = reader->hiredis;
  void *reply = NULL;
  reader->bytes += length;
  if (reader->bytes > REDIS_EXCHANGE_BYTES_MAX) {
    fail_too_large (error);
    return NULL;
  }
  redisReaderFeed (hiredis, bytes, length);
  if (redisReaderGetReply (hiredis, &reply) != REDIS_OK) {
    if (reader->too_many)
      fail_too_large (error);
    else
      fail_nonsense (length > 0 ? (guint8)bytes[0] : 0, error);
    return NULL;
  }
  if (!reply && announces_too_much (reader))
    fail_too_large (error);
  else if (reply && hiredis->len > hiredis->pos) /* nobody has asked for more */
    fail_nonsense (0, error);
  else
    return reply;
  return NULL;
}

const RedisReply *
redis_reader_first (const RedisReader *reader)
{
  const RedisReply *root = &reader->root;
  return reader->bytes > 0 && root->count > 0 && root->list[0].type == REDIS_ERROR
             ? &root->list[0]
             : NULL;
}
