#include "core/run/redis_cli.h"

#include "core/runbook/redis_address.h"

/* The section of the site with its address read (the site file's reader has seen that it
 * is one). NULL with `error`. */
static const SiteRedis *
find_section (const Site *site, const char *section, RedisAddress **address,
              GError **error)
{
  const SiteRedis *redis = site_redis (site, section);
  g_autofree char *wrong = redis ? redis_address_read (redis->url, address) : NULL;
  if (redis && !wrong)
    return redis;
  g_set_error (error, PLAN_ERROR, PLAN_ERROR_IMPOSSIBLE,
               "site %s does not say where its Redis is; add %s: {url: "
               "\"redis://HOST:PORT/DATABASE\"} to the site file",
               site->name, section);
  return NULL;
}

static void
add_place (GStrvBuilder *argv, const RedisAddress *address)
{
  g_autofree char *port = g_strdup_printf ("%u", address->port);
  if (address->socket)
    g_strv_builder_add_many (argv, "-s", address->socket, NULL);
  else
    g_strv_builder_add_many (argv, "-h", address->host, "-p", port, NULL);
}

/* redis-cli does not say by itself whom it wants to talk to, and some servers have
 * several names. */
static void
add_tls (GStrvBuilder *argv, const RedisAddress *address, const SiteRedis *redis)
{
  if (!address->tls)
    return;
  g_strv_builder_add (argv, "--tls");
  if (!g_hostname_is_ip_address (address->host))
    g_strv_builder_add_many (argv, "--sni", address->host, NULL);
  if (redis->ca_file)
    g_strv_builder_add_many (argv, "--cacert", redis->ca_file, NULL);
}

gboolean
redis_cli_add (Plan *plan, const Site *site, const char *section,
               const char *const *words, GError **error)
{
  g_autoptr (RedisAddress) address = NULL;
  const SiteRedis *redis = find_section (site, section, &address, error);
  if (!redis)
    return FALSE;
  /* No shell reads the command, so nobody would put a folder in. */
  if (redis->ca_file && *redis->ca_file != '/') {
    g_set_error (error, PLAN_ERROR, PLAN_ERROR_IMPOSSIBLE,
                 "%s.ca-file does not begin with /, so redis-cli would look for it "
                 "elsewhere; write the whole path into the site file",
                 section);
    return FALSE;
  }
  const char *user = redis->user ? redis->user : address->user;
  g_autoptr (GStrvBuilder) argv = g_strv_builder_new ();
  g_autofree char *database = g_strdup_printf ("%u", address->database);
  /* Without -e it ends with status 0 when the server says no. */
  g_strv_builder_add_many (argv, "redis-cli", "-e", NULL);
  add_place (argv, address);
  g_strv_builder_add_many (argv, "-n", database, NULL);
  if (user)
    g_strv_builder_add_many (argv, "--user", user, NULL);
  add_tls (argv, address, redis);
  for (; *words; words++)
    g_strv_builder_add (argv, *words);
  g_auto (GStrv) line = g_strv_builder_end (argv);
  plan_add_login (plan, (const char *const *)line, section);
  return TRUE;
}
