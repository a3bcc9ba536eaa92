/* Commands about the server: its clock, its place, its snapshots. */
#include "core/practice/redis/redis_inside.h"

#include "core/practice/redis/resp_write.h"

static void
answer_time (RedisClient *client, const GPtrArray *words, GString *out)
{
  gint64 wall_us = world_wall_us (client->redis->world);
  g_autofree char *seconds =
      g_strdup_printf ("%" G_GINT64_FORMAT, wall_us / G_USEC_PER_SEC);
  g_autofree char *rest = g_strdup_printf ("%" G_GINT64_FORMAT, wall_us % G_USEC_PER_SEC);
  (void)words;
  resp_write_list (out, 2);
  resp_write_text (out, seconds, -1);
  resp_write_text (out, rest, -1);
}

/* A primary without replicas, whose place in the replication has not moved. */
static void
answer_role (RedisClient *client, const GPtrArray *words, GString *out)
{
  (void)client;
  (void)words;
  resp_write_list (out, 3);
  resp_write_text (out, "master", -1);
  resp_write_integer (out, 0);
  resp_write_list (out, 0);
}

static void
save (const RedisClient *client, const char *says, GString *out)
{
  world_redis_save (client->redis->world);
  client->redis->saves++;
  resp_write_status (out, says);
}

static void
answer_save (RedisClient *client, const GPtrArray *words, GString *out)
{
  (void)words;
  save (client, "OK", out);
}

/* It has ended by the time that anybody can ask. */
static void
answer_bgsave (RedisClient *client, const GPtrArray *words, GString *out)
{
  if (words->len == 2 && !redis_word_is (words, 1, "SCHEDULE"))
    resp_write_error (out, "ERR syntax error");
  else
    save (client, "Background saving started", out);
}

static void
answer_lastsave (RedisClient *client, const GPtrArray *words, GString *out)
{
  (void)words;
  resp_write_integer (out, redis_saved_wall_s (client->redis));
}

const RedisCommand redis_state_commands[] = {
  { "bgsave", 1, 2, answer_bgsave }, { "lastsave", 1, 1, answer_lastsave },
  { "role", 1, 1, answer_role },     { "save", 1, 1, answer_save },
  { "time", 1, 1, answer_time },     { 0 },
};
