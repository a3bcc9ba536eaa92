#include "core/net/look_redis.h"

#include <string.h>

#include "core/net/redis_link.h"
#include "core/net/redis_server.h"
#include "core/net/sidekiq.h"

/* A kind of look at the Redis of one section, with what it remembers. */
struct RedisLook {
  RedisLink *link;         /* of the section */
  SidekiqSampler *sampler; /* one of the two */
  RedisServer *server;
  RedisExchange *exchange; /* while a look is under way */
  gint64 began_us;         /* wall clock */
  gint64 asked_us;         /* the same on the monotonic clock */
  gint64 limit_us;
  RedisSaw saw;
  void *data;
};

struct RedisLooks {
  const Site *site;
  const Confine *confine;
  GHashTable *links; /* section → RedisLink */
  GHashTable *looks; /* key of a request → RedisLook */
};

static void
look_free (void *data)
{
  RedisLook *look = data;
  redis_look_cancel (look);
  sidekiq_sampler_free (look->sampler);
  redis_server_free (look->server);
  g_free (look);
}

RedisLooks *
redis_looks_new (const Site *site, const Confine *confine)
{
  RedisLooks *looks = g_new0 (RedisLooks, 1);
  looks->site = site;
  looks->confine = confine;
  looks->links = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify)redis_link_free);
  looks->looks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, look_free);
  return looks;
}

void
redis_looks_free (RedisLooks *looks)
{
  if (!looks)
    return;
  g_hash_table_unref (looks->looks);
  g_hash_table_unref (looks->links);
  g_free (looks);
}

/* ---- one look -------------------------------------------------------------- */

static const RedisCommands *
look_take (RedisLook *look, const RedisReply *replies, json_t **body, GError **error)
{
  return look->sampler ? sidekiq_sampler_take (look->sampler, replies, body, error)
                       : redis_server_take (look->server, replies, body, error);
}

static const RedisCommands *
look_first (RedisLook *look)
{
  return look->sampler ? sidekiq_sampler_begin (look->sampler, look->began_us)
                       : redis_server_begin (look->server, look->began_us);
}

static void on_answered (const RedisReply *replies, const GError *error, void *data);

static void
look_ask (RedisLook *look, const RedisCommands *commands)
{
  look->exchange = redis_link_ask (look->link, commands, look->asked_us, look->limit_us,
                                   on_answered, look);
}

/* Jobs of megabytes, at the head of many queues, come to more than is taken; the sizes of
 * the queues never do. */
static gboolean
can_slim (RedisLook *look, const GError *error)
{
  return look->sampler &&
         g_error_matches (error, REDIS_TROUBLE, REDIS_TROUBLE_TOO_LARGE) &&
         sidekiq_sampler_slim (look->sampler);
}

/* After a failover the name leads to another server, while the connection stays with the
 * old one, which still answers, as a replica or as one that is cut off. */
static gboolean
is_elsewhere (const GError *error, const json_t *body)
{
  const char *role = json_string_value (json_object_get (body, "role"));
  return error || g_strcmp0 (role, "slave") == 0;
}

static void
on_answered (const RedisReply *replies, const GError *error, void *data)
{
  RedisLook *look = data;
  g_autoptr (GError) own = NULL;
  json_t *body = NULL;
  const RedisCommands *next = NULL;
  look->exchange = NULL;
  if (replies)
    next = look_take (look, replies, &body, &own);
  else if (can_slim (look, error))
    next = look_first (look);
  else
    own = g_error_copy (error);
  if (replies && !next && is_elsewhere (own, body))
    redis_link_renew (look->link);
  if (next)
    look_ask (look, next);
  else
    look->saw (own ? own->message : NULL, body, look->data);
}

/* ---- of a site ------------------------------------------------------------- */

static RedisLink *
link_of (RedisLooks *looks, const char *section, GError **error)
{
  RedisLink *link = g_hash_table_lookup (looks->links, section);
  const SiteRedis *settings = looks->site ? site_redis (looks->site, section) : NULL;
  if (link)
    return link;
  if (!settings) {
    g_set_error (error, REDIS_TROUBLE, REDIS_TROUBLE_SETUP,
                 "the site file has no section \"%s\"; add %s: {url: "
                 "\"redis://HOST:PORT/DATABASE\"} to it",
                 section, section);
    return NULL;
  }
  link = redis_link_new (settings, looks->confine);
  g_hash_table_insert (looks->links, g_strdup (section), link);
  return link;
}

static RedisLook *
look_of (RedisLooks *looks, const Request *request, GError **error)
{
  RedisLook *look = g_hash_table_lookup (looks->looks, request->key);
  RedisLink *link = look ? look->link : link_of (looks, request->section, error);
  if (look || !link)
    return look;
  look = g_new0 (RedisLook, 1);
  look->link = link;
  if (request->type == REQUEST_QUEUES)
    look->sampler = sidekiq_sampler_new (redis_link_name (link));
  else
    look->server = redis_server_new (redis_link_name (link));
  g_hash_table_insert (looks->looks, g_strdup (request->key), look);
  return look;
}

RedisLook *
redis_looks_begin (RedisLooks *looks, const Request *request, gint64 began_us,
                   RedisSaw saw, void *data, GError **error)
{
  RedisLook *look = look_of (looks, request, error);
  if (!look)
    return NULL;
  look->began_us = began_us;
  look->asked_us = g_get_monotonic_time ();
  look->limit_us = request->limit_us;
  look->saw = saw;
  look->data = data;
  look_ask (look, look_first (look));
  return look;
}

void
redis_look_cancel (RedisLook *look)
{
  if (look)
    g_clear_pointer (&look->exchange, redis_exchange_cancel);
}
