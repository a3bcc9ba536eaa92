/* Commands about the connection itself. */
#include "core/practice/redis/redis_inside.h"

#include <string.h>

#include "core/practice/redis/redis_words.h"
#include "core/practice/redis/resp_write.h"

/* What is spoken here, and what is not. */
#define PROTOCOL 2
#define PROTOCOL_UNSPOKEN 3

static void
answer_ping (RedisClient *client, const GPtrArray *words, GString *out)
{
  (void)client;
  if (words->len == 1)
    resp_write_status (out, "PONG");
  else
    resp_write_text (out, redis_word (words, 1)->str, (gssize)redis_word (words, 1)->len);
}

static void
answer_echo (RedisClient *client, const GPtrArray *words, GString *out)
{
  (void)client;
  resp_write_text (out, redis_word (words, 1)->str, (gssize)redis_word (words, 1)->len);
}

static void
answer_select (RedisClient *client, const GPtrArray *words, GString *out)
{
  gint64 database;
  if (!redis_read_integer (redis_word (words, 1), &database, out))
    return;
  if (database < 0 || database >= REDIS_DATABASES) {
    resp_write_error (out, "ERR DB index is out of range");
    return;
  }
  client->database = (guint)database;
  resp_write_status (out, "OK");
}

/* It has one user, default, who needs no password: for that one any will do. */
static void
answer_auth (RedisClient *client, const GPtrArray *words, GString *out)
{
  (void)client;
  if (words->len > 3)
    resp_write_error (out, "ERR syntax error");
  else if (words->len == 2)
    resp_write_error (out,
                      "ERR AUTH <password> called without any password configured for "
                      "the default user. Are you sure your configuration is correct?");
  else if (strcmp (redis_word (words, 1)->str, "default") == 0)
    resp_write_status (out, "OK");
  else
    resp_write_error (out,
                      "WRONGPASS invalid username-password pair or user is disabled.");
}

static void
say_hello (const RedisClient *client, GString *out)
{
  static const char *const before[] = { "server", "redis", "version", REDIS_VERSION };
  static const char *const after[] = { "mode", "standalone", "role", "master",
                                       "modules" };
  resp_write_list (out, 14);
  for (guint i = 0; i < G_N_ELEMENTS (before); i++)
    resp_write_text (out, before[i], -1);
  resp_write_text (out, "proto", -1);
  resp_write_integer (out, PROTOCOL);
  resp_write_text (out, "id", -1);
  resp_write_integer (out, (gint64)client->id);
  for (guint i = 0; i < G_N_ELEMENTS (after); i++)
    resp_write_text (out, after[i], -1);
  resp_write_list (out, 0);
}

static void
answer_hello (RedisClient *client, const GPtrArray *words, GString *out)
{
  gint64 version = PROTOCOL;
  const GString *word = words->len > 1 ? redis_word (words, 1) : NULL;
  if (word && !redis_words_integer (word->str, word->len, &version))
    resp_write_error (out, "ERR Protocol version is not an integer or out of range");
  else if (version < PROTOCOL || version > PROTOCOL_UNSPOKEN)
    resp_write_error (out, "NOPROTO unsupported protocol version");
  else if (version == PROTOCOL_UNSPOKEN)
    resp_write_error (out, "NOPROTO " REDIS_NOT_HERE "speaks RESP 2 alone");
  else if (words->len > 2)
    resp_write_error (out, "ERR " REDIS_NOT_HERE "does not know the options of HELLO");
  else
    say_hello (client, out);
}

static void
answer_quit (RedisClient *client, const GPtrArray *words, GString *out)
{
  (void)words;
  client->leaves = TRUE;
  resp_write_status (out, "OK");
}

static void
answer_client_id (RedisClient *client, const GPtrArray *words, GString *out)
{
  (void)words;
  resp_write_integer (out, (gint64)client->id);
}

static void
answer_client_getname (RedisClient *client, const GPtrArray *words, GString *out)
{
  (void)words;
  if (client->name)
    resp_write_text (out, client->name, -1);
  else
    resp_write_nil (out);
}

static void
answer_client_setname (RedisClient *client, const GPtrArray *words, GString *out)
{
  const GString *name = redis_word (words, 2);
  for (gsize i = 0; i < name->len; i++)
    if (!g_ascii_isgraph (name->str[i])) {
      resp_write_error (out,
                        "ERR Client names cannot contain spaces, newlines or special "
                        "characters.");
      return;
    }
  g_free (client->name);
  client->name = name->len ? g_strdup (name->str) : NULL;
  resp_write_status (out, "OK");
}

/* What redis-cli asks for at its start, so that it can help with typing: there is no help. */
static void
answer_command (RedisClient *client, const GPtrArray *words, GString *out)
{
  (void)client;
  (void)words;
  resp_write_list (out, 0);
}

const RedisCommand redis_client_commands[] = {
  { "auth", 2, 0, answer_auth },
  { "client|getname", 2, 2, answer_client_getname },
  { "client|id", 2, 2, answer_client_id },
  { "client|setname", 3, 3, answer_client_setname },
  { "command", 1, 0, answer_command },
  { "command|docs", 2, 0, answer_command },
  { "echo", 2, 2, answer_echo },
  { "hello", 1, 0, answer_hello },
  { "ping", 1, 2, answer_ping },
  { "quit", 1, 0, answer_quit },
  { "select", 2, 2, answer_select },
  { 0 },
};
