#include "core/practice/redis/redis_inside.h"

#include <string.h>

#include "core/practice/redis/redis_words.h"
#include "core/practice/redis/resp_write.h"

/* How much of a command it does not know Redis says again. */
#define REPEATED_BYTES 128

/* "$5\r\n" and "\r\n" around a word. */
#define WORD_FRAME_BYTES 6

static const RedisCommand *const lists[] = {
  redis_client_commands, redis_config_commands, redis_info_commands,  redis_key_commands,
  redis_look_commands,   redis_state_commands,  redis_value_commands,
};

Redis *
redis_new (World *world, guint database, const char *socket)
{
  Redis *redis = g_new0 (Redis, 1);
  redis->world = world;
  redis->database = database;
  redis->socket = g_strdup (socket);
  return redis;
}

void
redis_free (Redis *redis)
{
  if (!redis)
    return;
  g_free (redis->socket);
  g_free (redis->run_id);
  g_free (redis);
}

/* What it has counted ends with it. */
static void
begin_again (Redis *redis)
{
  if (g_strcmp0 (redis->run_id, world_redis_run_id (redis->world)) == 0)
    return;
  g_free (redis->run_id);
  redis->run_id = g_strdup (world_redis_run_id (redis->world));
  redis->connections = redis->commands = redis->errors = redis->saves = 0;
  redis->received = redis->sent = 0;
}

RedisClient *
redis_client_new (Redis *redis)
{
  begin_again (redis);
  RedisClient *client = g_new0 (RedisClient, 1);
  client->redis = redis;
  client->id = ++redis->connections;
  redis->clients++;
  return client;
}

void
redis_client_free (RedisClient *client)
{
  if (!client)
    return;
  client->redis->clients--;
  g_free (client->name);
  g_free (client);
}

/* ---- words ----------------------------------------------------------------------- */

gboolean
redis_word_is (const GPtrArray *words, guint index, const char *text)
{
  const GString *word = redis_word (words, index);
  return strlen (text) == word->len && g_ascii_strcasecmp (word->str, text) == 0;
}

gboolean
redis_read_integer (const GString *word, gint64 *number, GString *out)
{
  if (redis_words_integer (word->str, word->len, number))
    return TRUE;
  resp_write_error (out, "ERR value is not an integer or out of range");
  return FALSE;
}

void
redis_wrong_arguments (const char *command, GString *out)
{
  resp_write_error (out, "ERR wrong number of arguments for '%s' command", command);
}

gint64
redis_saved_wall_s (const Redis *redis)
{
  gint64 ago_us = world_now_us (redis->world) - world_redis_saved_us (redis->world);
  return (world_wall_us (redis->world) - ago_us) / G_USEC_PER_SEC;
}

/* ---- which command ----------------------------------------------------------------- */

static const RedisCommand *
find_command (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    for (const RedisCommand *command = lists[i]; command->name; command++)
      if (strcmp (command->name, name) == 0)
        return command;
  return NULL;
}

static void
refuse_unknown (const GPtrArray *words, GString *out)
{
  g_autoptr (GString) repeated = g_string_new (NULL);
  for (guint i = 1; i < words->len && repeated->len < REPEATED_BYTES; i++)
    g_string_append_printf (repeated, "'%.*s' ", (int)(REPEATED_BYTES - repeated->len),
                            redis_word (words, i)->str);
  resp_write_error (out, "ERR unknown command '%.*s', with args beginning with: %s",
                    REPEATED_BYTES, redis_word (words, 0)->str, repeated->str);
}

/* `whole`: "config|set" where the first word says too little; otherwise NULL. */
static void
refuse (const GPtrArray *words, const char *first, const char *whole, GString *out)
{
  if (whole && !redis_names_has (whole)) {
    g_autofree char *capitals = g_ascii_strup (first, -1);
    resp_write_error (out, "ERR unknown subcommand '%.*s'. Try %s HELP.", REPEATED_BYTES,
                      redis_word (words, 1)->str, capitals);
    return;
  }
  if (!redis_names_has (first)) {
    refuse_unknown (words, out);
    return;
  }
  g_autofree char *capitals = g_ascii_strup (whole ? whole : first, -1);
  resp_write_error (out, "ERR " REDIS_NOT_HERE "does not know %s, which a real one has",
                    g_strdelimit (capitals, "|", ' '));
}

/* Redis has a HELP for each command whose second word says what it is. */
static gboolean
has_second (const char *first)
{
  g_autofree char *help = g_strconcat (first, "|help", NULL);
  return redis_names_has (help);
}

static void
answer_command (RedisClient *client, const GPtrArray *words, GString *out)
{
  g_autofree char *first = g_ascii_strdown (redis_word (words, 0)->str, -1);
  g_autofree char *whole = NULL;
  if (words->len > 1 && has_second (first)) {
    g_autofree char *second = g_ascii_strdown (redis_word (words, 1)->str, -1);
    whole = g_strconcat (first, "|", second, NULL);
  }
  const RedisCommand *command = find_command (whole ? whole : first);
  if (!command && !whole && has_second (first))
    redis_wrong_arguments (first, out);
  else if (!command)
    refuse (words, first, whole, out);
  else if (words->len < command->least || (command->most && words->len > command->most))
    redis_wrong_arguments (command->name, out);
  else
    command->answer (client, words, out);
}

/* About what it took on the wire. */
static gsize
size_of (const GPtrArray *words)
{
  gsize size = WORD_FRAME_BYTES;
  for (guint i = 0; i < words->len; i++)
    size += redis_word (words, i)->len + WORD_FRAME_BYTES;
  return size;
}

gboolean
redis_client_answer (RedisClient *client, const GPtrArray *words, GString *out)
{
  gsize before = out->len;
  client->redis->commands++;
  client->redis->received += size_of (words);
  answer_command (client, words, out);
  client->redis->errors += out->str[before] == '-';
  client->redis->sent += out->len - before;
  return !client->leaves;
}
