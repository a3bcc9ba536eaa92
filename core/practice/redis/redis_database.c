#include "core/practice/redis/redis_inside.h"

#include <string.h>

/* What other databases have: nothing; and no key of the world's has a NUL in it. */
static gboolean
may_have (const RedisClient *client, const GString *key)
{
  return client->database == client->redis->database && strlen (key->str) == key->len;
}

const char *
redis_database_type (const RedisClient *client, const GString *key)
{
  return may_have (client, key) ? world_key_type (client->redis->world, key->str)
                                : "none";
}

GStrv
redis_database_keys (const RedisClient *client)
{
  return client->database == client->redis->database ? world_keys (client->redis->world)
                                                     : g_new0 (char *, 1);
}

void
redis_database_count (const Redis *redis, guint *keys, guint *expires, gint64 *ttl_ms)
{
  g_auto (GStrv) names = world_keys (redis->world);
  gint64 now_us = world_now_us (redis->world), sum_us = 0;
  *keys = g_strv_length (names);
  *expires = 0;
  for (char **name = names; *name; name++) {
    gint64 at_us = world_key_expires_us (redis->world, *name);
    if (at_us < 0)
      continue;
    (*expires)++;
    sum_us += MAX (at_us - now_us, 0);
  }
  *ttl_ms = *expires ? sum_us / *expires / 1000 : 0;
}
