/* CONFIG GET: what of its configuration bears on a maintenance. */
#include "core/practice/redis/redis_inside.h"

#include <string.h>

#include "core/practice/redis/resp_write.h"

/* Alphabetical. NULL: what it is depends on the scenario. */
static const struct {
  const char *name, *value;
} settings[] = {
  { "appendfsync", "everysec" },
  { "appendonly", NULL },
  { "bind", "127.0.0.1 -::1" },
  { "databases", G_STRINGIFY (REDIS_DATABASES) },
  { "dbfilename", "dump.rdb" },
  { "dir", "/data" },
  { "hz", "10" },
  { "maxclients", "10000" },
  { "maxmemory", "0" },
  { "maxmemory-policy", "noeviction" },
  { "port", "0" },
  { "protected-mode", "yes" },
  { "requirepass", "" },
  { "save", NULL },
  { "shutdown-on-sigint", "default" },
  { "shutdown-on-sigterm", "default" },
  { "shutdown-timeout", "10" },
  { "stop-writes-on-bgsave-error", "yes" },
  { "tcp-keepalive", "300" },
  { "timeout", "0" },
  { "unixsocket", NULL },
};

static const char *
value_of (const Redis *redis, guint index)
{
  ScenarioKeeps keeps = world_redis_keeps (redis->world);
  const char *name = settings[index].name;
  if (settings[index].value)
    return settings[index].value;
  if (strcmp (name, "appendonly") == 0)
    return keeps == SCENARIO_AOF ? "yes" : "no";
  if (strcmp (name, "save") == 0)
    return keeps == SCENARIO_NOTHING ? "" : "3600 1 300 100 60 10000";
  return redis->socket ? redis->socket : "";
}

static gboolean
is_asked_for (const char *name, const GPtrArray *words)
{
  for (guint i = 2; i < words->len; i++)
    if (redis_match (redis_word (words, i)->str, name, TRUE))
      return TRUE;
  return FALSE;
}

static void
answer_get (RedisClient *client, const GPtrArray *words, GString *out)
{
  guint count = 0;
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    count += is_asked_for (settings[i].name, words) ? 1 : 0;
  resp_write_list (out, 2 * count);
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++) {
    if (!is_asked_for (settings[i].name, words))
      continue;
    resp_write_text (out, settings[i].name, -1);
    resp_write_text (out, value_of (client->redis, i), -1);
  }
}

const RedisCommand redis_config_commands[] = {
  { "config|get", 3, 0, answer_get },
  { 0 },
};
