#include "core/runbook/redis_address.h"

#include <string.h>

#include "core/base/quantity.h"

#define FORMS                                                                         \
  "write redis://HOST:PORT/DATABASE, rediss://HOST:PORT/DATABASE with TLS, or "       \
  "unix:///PATH?db=DATABASE"

typedef struct {
  char *scheme, *user, *password, *host, *path, *query;
  int port;
} Parts;

static void
parts_clear (Parts *parts)
{
  char *texts[] = { parts->scheme, parts->user, parts->password,
                    parts->host,   parts->path, parts->query };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Parts, parts_clear)

static void
take_text (char **to, char **from)
{
  if (*from && **from)
    *to = g_steal_pointer (from);
}

/* FALSE when `text` is no number of a database; "" is the first one. */
static gboolean
read_database (const char *text, guint *database)
{
  guint64 number = 0;
  if (*text && (!quantity_parse_count (text, &number) || number >= REDIS_DATABASES_MAX))
    return FALSE;
  *database = (guint)number;
  return TRUE;
}

static char *
read_socket (Parts *parts, RedisAddress *address)
{
  const char *query = parts->query ? parts->query : "";
  if (parts->host && *parts->host)
    return g_strdup ("names a host before the path of a socket; write unix:///PATH");
  if (!parts->path || parts->path[0] != '/' || !parts->path[1])
    return g_strdup ("has no path of a socket; write unix:///PATH?db=DATABASE");
  if (*query && !g_str_has_prefix (query, "db="))
    return g_strdup ("has something after \"?\" that is not db=NUMBER");
  if (*query && !read_database (query + strlen ("db="), &address->database))
    return g_strdup ("names a database that is no number; write ?db=1");
  address->socket = g_steal_pointer (&parts->path);
  return NULL;
}

static char *
read_host (Parts *parts, RedisAddress *address)
{
  const char *path = parts->path ? parts->path : "";
  if (!parts->host || !*parts->host || *parts->host == '-')
    return g_strdup ("has no host; " FORMS);
  if (parts->port == 0 || parts->port > 65535)
    return g_strdup ("has a port that is none; write one from 1 to 65535");
  if (parts->query)
    return g_strdup ("has something after \"?\", which is not taken here; " FORMS);
  if (!read_database (*path == '/' ? path + 1 : path, &address->database))
    return g_strdup ("names a database that is no number; write redis://HOST:PORT/1");
  address->tls = strcmp (parts->scheme, "rediss") == 0;
  address->host = g_steal_pointer (&parts->host);
  address->port = parts->port < 0 ? REDIS_PORT : (guint)parts->port;
  return NULL;
}

char *
redis_address_read (const char *url, RedisAddress **address)
{
  g_auto (Parts) parts = { .port = -1 };
  g_autoptr (RedisAddress) read = g_new0 (RedisAddress, 1);
  if (!g_uri_split_with_user (url, G_URI_FLAGS_HAS_PASSWORD, &parts.scheme, &parts.user,
                              &parts.password, NULL, &parts.host, &parts.port,
                              &parts.path, &parts.query, NULL, NULL) ||
      !parts.scheme)
    return g_strdup ("is no address of a Redis; " FORMS);
  g_autofree char *wrong = NULL;
  if (strcmp (parts.scheme, "unix") == 0)
    wrong = read_socket (&parts, read);
  else if (strcmp (parts.scheme, "redis") == 0 || strcmp (parts.scheme, "rediss") == 0)
    wrong = read_host (&parts, read);
  else
    wrong = g_strdup ("is no address of a Redis; " FORMS);
  if (wrong)
    return g_steal_pointer (&wrong);
  take_text (&read->user, &parts.user);
  take_text (&read->password, &parts.password);
  if (address)
    *address = g_steal_pointer (&read);
  return NULL;
}

void
redis_address_free (RedisAddress *address)
{
  if (!address)
    return;
  g_free (address->host);
  g_free (address->socket);
  g_free (address->user);
  g_free (address->password);
  g_free (address);
}

char *
redis_address_format (const RedisAddress *address)
{
  if (address->socket)
    return g_strdup_printf ("%s?db=%u", address->socket, address->database);
  return g_strdup_printf (strchr (address->host, ':') ? "[%s]:%u/%u" : "%s:%u/%u",
                          address->host, address->port, address->database);
}
