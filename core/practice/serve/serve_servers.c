/* serve_servers.c: the lines to the simulated Redis and application. */
#include "core/practice/serve/serve_inside.h"

/* ---- Redis -------------------------------------------------------------------------- */

typedef struct {
  Serve *serve;
  RespConnection *connection;
} RedisLine;

static void *
redis_open (void *owner, PortLine *line)
{
  Serve *serve = owner;
  RedisLine *its = g_new0 (RedisLine, 1);
  (void)line;
  its->serve = serve;
  its->connection = resp_new (serve->redis);
  return its;
}

static gboolean
redis_take (void *what, const char *bytes, gsize length, GString *out)
{
  const RedisLine *its = what;
  gboolean more = resp_take (its->connection, bytes, length, out);
  serve_wake (its->serve);
  return more;
}

static void
redis_close (void *what)
{
  RedisLine *its = what;
  resp_free (its->connection);
  g_free (its);
}

const PortCalls serve_redis_calls = {
  .before = serve_ask, .open = redis_open, .take = redis_take, .close = redis_close
};

/* ---- the application ------------------------------------------------------------------ */

static void *
application_open (void *owner, PortLine *line)
{
  const Serve *serve = owner;
  (void)line;
  return http_new (serve->world);
}

static gboolean
application_take (void *what, const char *bytes, gsize length, GString *out)
{
  return http_take (what, bytes, length, out);
}

static void
application_close (void *what)
{
  http_free (what);
}

const PortCalls serve_http_calls = { .before = serve_ask,
                                     .open = application_open,
                                     .take = application_take,
                                     .close = application_close };
