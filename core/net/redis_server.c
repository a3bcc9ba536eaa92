#include "core/net/redis_server.h"

#include <string.h>

#include "core/base/text.h"
#include "core/net/redis_set.h"
#include "core/net/sidekiq_process.h"
#include "core/run/reading.h"

enum {
  ASK_TIME,
  ASK_SERVER,
  ASK_REPLICATION,
  ASK_PERSISTENCE,
  ASK_MEMORY,
  ASK_KEYSPACE,
  ASK_SAVE,
  ASK_ON_SIGTERM,
  ASK_KEYS,
  ASK_PROCESSES,
  ASKED
};

static const char *const questions[ASKED][3] = {
  [ASK_TIME] = { "TIME" },
  [ASK_SERVER] = { "INFO", "server" },
  [ASK_REPLICATION] = { "INFO", "replication" },
  [ASK_PERSISTENCE] = { "INFO", "persistence" },
  [ASK_MEMORY] = { "INFO", "memory" },
  [ASK_KEYSPACE] = { "INFO", "keyspace" },
  [ASK_SAVE] = { "CONFIG", "GET", "save" },
  [ASK_ON_SIGTERM] = { "CONFIG", "GET", "shutdown-on-sigterm" },
  [ASK_KEYS] = { "DBSIZE" },
  [ASK_PROCESSES] = { "SMEMBERS", "processes" },
};

struct RedisServer {
  char *redis;
  SidekiqProcesses *processes;
  RedisCommands *commands;
  json_t *body; /* between the first replies and the second */
  double now_s;
};

RedisServer *
redis_server_new (const char *redis)
{
  RedisServer *server = g_new0 (RedisServer, 1);
  server->redis = g_strdup (redis);
  server->processes = sidekiq_processes_new ();
  return server;
}

void
redis_server_free (RedisServer *server)
{
  if (!server)
    return;
  redis_commands_free (server->commands);
  sidekiq_processes_free (server->processes);
  json_decref (server->body);
  g_free (server->redis);
  g_free (server);
}

const RedisCommands *
redis_server_begin (RedisServer *server, gint64 wall_us)
{
  g_clear_pointer (&server->commands, redis_commands_free);
  g_clear_pointer (&server->body, json_decref);
  server->now_s = (double)wall_us / G_USEC_PER_SEC;
  server->commands = redis_commands_new ();
  for (guint i = 0; i < ASKED; i++)
    redis_commands_add_words (server->commands, questions[i][0], questions[i][1],
                              questions[i][2], NULL);
  return server->commands;
}

/* ---- INFO: lines of "key:value" --------------------------------------------- */

/* Newly allocated; NULL if there is no such line. */
static char *
info_get (const RedisReply *info, const char *key)
{
  gsize length = strlen (key);
  const char *line = redis_reply_text (info, NULL);
  while (*line) {
    gsize size = strcspn (line, "\r\n");
    if (size > length && line[length] == ':' && strncmp (line, key, length) == 0)
      return redis_name (line + length + 1, size - length - 1);
    line += size;
    line += strspn (line, "\r\n");
  }
  return NULL;
}

static gint64
info_number (const RedisReply *info, const char *key)
{
  g_autofree char *value = info_get (info, key);
  return value ? g_ascii_strtoll (value, NULL, 10) : 0;
}

static gboolean
info_is (const RedisReply *info, const char *key, const char *wanted)
{
  g_autofree char *value = info_get (info, key);
  return g_strcmp0 (value, wanted) == 0;
}

static void
put_text (json_t *body, const char *name, const RedisReply *info, const char *key)
{
  g_autofree char *value = info_get (info, key);
  if (value)
    json_object_set_new (body, name, json_string (value));
}

static void
put_persistence (json_t *body, const RedisReply *info)
{
  gboolean aof_ok = !info_is (info, "aof_last_write_status", "err") &&
                    !info_is (info, "aof_last_bgrewrite_status", "err");
  json_object_set_new (body, "aof",
                       json_boolean (info_number (info, "aof_enabled") != 0));
  json_object_set_new (body, "aof_ok", json_boolean (aof_ok));
  json_object_set_new (body, "snapshot_ok",
                       json_boolean (!info_is (info, "rdb_last_bgsave_status", "err")));
  json_object_set_new (body, "changes",
                       json_integer (info_number (info, "rdb_changes_since_last_save")));
  json_object_set_new (body, "saving",
                       json_boolean (info_number (info, "rdb_bgsave_in_progress") != 0));
}

static void
put_replication (json_t *body, const RedisReply *info)
{
  g_autofree char *host = info_get (info, "master_host");
  g_autofree char *port = info_get (info, "master_port");
  put_text (body, "role", info, "role");
  if (host && port) {
    g_autofree char *primary = g_strdup_printf ("%s:%s", host, port);
    json_object_set_new (body, "master", json_string (primary));
  }
}

/* Valkey gives the version of the last Redis that it is like, too. */
static void
put_version (json_t *body, const RedisReply *info)
{
  put_text (body, "version", info, "redis_version");
  put_text (body, "version", info, "valkey_version");
}

static gboolean
is_run_id (const char *text)
{
  gsize length = strspn (text, "0123456789abcdefABCDEF");
  return length > 0 && length <= READING_RUN_ID_MAX && text[length] == '\0';
}

static void
put_run_id (json_t *body, const RedisReply *info)
{
  g_autofree char *value = info_get (info, "run_id");
  if (value && is_run_id (value))
    json_object_set_new (body, "run_id", json_string (value));
}

/* ["save", "3600 1 300 100"]. Where CONFIG is not allowed, or knows no such thing, nothing
 * is put. */
static void
put_config (json_t *body, const char *name, const RedisReply *reply)
{
  if (redis_reply_count (reply) != 2)
    return;
  gsize length;
  const char *text = redis_reply_text (redis_reply_nth (reply, 1), &length);
  g_autofree char *value = redis_name (text, length);
  json_object_set_new (body, name, json_string (value));
}

/* Lines of "db0:keys=12,expires=3,avg_ttl=0", one for each database that holds any. */
static gint64
keys_of_all (const RedisReply *keyspace)
{
  g_auto (GStrv) lines = g_strsplit (redis_reply_text (keyspace, NULL), "\n", -1);
  gint64 keys = 0;
  for (char **line = lines; *line; line++) {
    const char *count = strstr (*line, ":keys=");
    if (g_str_has_prefix (*line, "db") && count)
      keys += g_ascii_strtoll (count + strlen (":keys="), NULL, 10);
  }
  return keys;
}

/* ---- the replies ------------------------------------------------------------ */

/* While a server loads its data it answers INFO and little else. */
static gboolean
is_loading (const RedisServer *server, const RedisReply *persistence, GError **error)
{
  if (info_number (persistence, "loading") == 0)
    return FALSE;
  g_autofree char *part = info_get (persistence, "loading_loaded_perc");
  g_set_error (
      error, REDIS_TROUBLE, REDIS_TROUBLE_REFUSED,
      "%s is loading its data (%s %%) and answers nothing yet; wait until it has",
      server->redis, part ? part : "?");
  return TRUE;
}

static gboolean
are_answered (const RedisServer *server, const RedisReply *replies, GError **error)
{
  for (guint i = ASK_SERVER; i <= ASK_KEYSPACE; i++)
    if (redis_reply_type (redis_reply_nth (replies, i)) != REDIS_TEXT) {
      redis_reply_explain (redis_reply_nth (replies, i), server->redis, "describe itself",
                           error);
      return FALSE;
    }
  if (redis_reply_type (redis_reply_nth (replies, ASK_KEYS)) == REDIS_INTEGER)
    return TRUE;
  redis_reply_explain (redis_reply_nth (replies, ASK_KEYS), server->redis,
                       "count its keys", error);
  return FALSE;
}

static json_t *
server_to_json (const RedisReply *replies)
{
  const RedisReply *memory = redis_reply_nth (replies, ASK_MEMORY);
  json_t *body = json_object ();
  put_run_id (body, redis_reply_nth (replies, ASK_SERVER));
  put_version (body, redis_reply_nth (replies, ASK_SERVER));
  put_replication (body, redis_reply_nth (replies, ASK_REPLICATION));
  json_object_set_new (
      body, "keys",
      json_integer (redis_reply_integer (redis_reply_nth (replies, ASK_KEYS))));
  json_object_set_new (
      body, "all_keys",
      json_integer (keys_of_all (redis_reply_nth (replies, ASK_KEYSPACE))));
  json_object_set_new (body, "memory_bytes",
                       json_integer (info_number (memory, "used_memory")));
  put_text (body, "policy", memory, "maxmemory_policy");
  put_persistence (body, redis_reply_nth (replies, ASK_PERSISTENCE));
  put_config (body, "save", redis_reply_nth (replies, ASK_SAVE));
  put_config (body, "on_sigterm", redis_reply_nth (replies, ASK_ON_SIGTERM));
  return body;
}

/* The names of processes that may not be read, or a key of that name that is something
 * else, are no reason to say nothing of the server. */
static gboolean
take_first (RedisServer *server, const RedisReply *replies, GError **error)
{
  gboolean changed;
  const RedisReply *time = redis_reply_nth (replies, ASK_TIME);
  const RedisReply *names = redis_reply_nth (replies, ASK_PROCESSES);
  if (is_loading (server, redis_reply_nth (replies, ASK_PERSISTENCE), error) ||
      !redis_replies_good (replies, server->redis, error) ||
      !are_answered (server, replies, error))
    return FALSE;
  if (redis_reply_count (time) == 2)
    server->now_s =
        g_ascii_strtod (redis_reply_text (redis_reply_nth (time, 0), NULL), NULL);
  if (redis_reply_type (names) == REDIS_LIST &&
      !sidekiq_processes_name (server->processes, names, server->redis, &changed, error))
    return FALSE;
  server->body = server_to_json (replies);
  return TRUE;
}

const RedisCommands *
redis_server_take (RedisServer *server, const RedisReply *replies, json_t **body,
                   GError **error)
{
  if (!server->body) {
    if (!take_first (server, replies, error))
      return NULL;
    g_autoptr (RedisCommands) more = redis_commands_new ();
    sidekiq_processes_ask (server->processes, FALSE, more);
    if (redis_commands_count (more) > 0) {
      redis_commands_free (server->commands);
      return server->commands = g_steal_pointer (&more);
    }
  } else {
    sidekiq_processes_take (server->processes, FALSE, replies, 0, server->now_s);
    if (!sidekiq_processes_good (server->processes, server->redis, error))
      return NULL;
  }
  json_t *workers = json_object ();
  sidekiq_processes_put (server->processes, workers);
  json_object_set (server->body, "processes", json_object_get (workers, "processes"));
  json_decref (workers);
  *body = g_steal_pointer (&server->body);
  return NULL;
}
