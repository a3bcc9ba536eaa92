/* tcp.c: a port takes connections. */
#include "core/checks/checks.h"

#include <stddef.h>
#include <string.h>

#include "core/base/quantity.h"

#define TCP_INTERVAL_US (2 * G_USEC_PER_SEC)
#define TCP_LIMIT_US (5 * G_USEC_PER_SEC)

/* For so long a port that does not answer may be one that is just being opened;
 * after that somebody should be told that it will not come by itself. */
#define TCP_PATIENCE_US (15 * G_USEC_PER_SEC)

static const Field fields[] = {
  { .name = "host",
    .type = FIELD_HOST,
    .offset = offsetof (CheckTcpSettings, host),
    .help = "The host to connect to" },
  { .name = "port",
    .type = FIELD_PORT,
    .offset = offsetof (CheckTcpSettings, port),
    .min = 1,
    .max = 65535,
    .help = "The port to connect to" },
  { .name = "address",
    .type = FIELD_TEXT,
    .offset = offsetof (CheckTcpSettings, address),
    .help = "Both in one, as HOST:PORT or [ADDRESS]:PORT" },
  { 0 },
};

/* Splits "db:5432" and "[::1]:5432". */
static gboolean
split_address (const char *address, char **host, gint64 *port)
{
  const char *colon = strrchr (address, ':');
  guint64 number;
  if (!colon || colon == address || !quantity_parse_count (colon + 1, &number) ||
      number < 1 || number > 65535)
    return FALSE;
  g_autofree char *name = g_strndup (address, (gsize)(colon - address));
  gsize length = strlen (name);
  gboolean bracketed = name[0] == '[' && name[length - 1] == ']';
  if (bracketed) {
    name[length - 1] = '\0';
    memmove (name, name + 1, length - 1);
  }
  if (!*name || *name == '-' || strpbrk (name, "[]/ ") ||
      (!bracketed && strchr (name, ':')))
    return FALSE;
  *host = g_steal_pointer (&name);
  *port = (gint64)number;
  return TRUE;
}

static char *
complain (const void *data)
{
  const CheckTcpSettings *settings = data;
  g_autofree char *host = NULL;
  gint64 port;
  gboolean has_port = settings->port != FIELD_UNSET && settings->port != 0;
  if (settings->address && (settings->host || has_port))
    return g_strdup (
        "the address is said twice; give `host:` and `port:`, or `address:` alone");
  if (!settings->address && !(settings->host && has_port))
    return g_strdup ("it is not said where to connect; give `host:` and `port:`, or "
                     "`tcp: HOST:PORT`");
  if (settings->address && !split_address (settings->address, &host, &port))
    return g_strdup_printf (
        "\"%s\" is no address of a port; write HOST:PORT or [ADDRESS]:PORT",
        settings->address);
  return NULL;
}

static Request *
request_of (const CheckTcpSettings *settings)
{
  g_autofree char *host = NULL;
  gint64 port = settings->port;
  if (!settings->address)
    host = g_strdup (settings->host);
  else if (!split_address (settings->address, &host, &port))
    return NULL;
  return request_tcp (host, (guint)port, TCP_INTERVAL_US, TCP_LIMIT_US);
}

static void
needs (const void *data, const CheckContext *context, GPtrArray *requests)
{
  Request *request = request_of (data);
  (void)context;
  if (request)
    g_ptr_array_add (requests, request);
}

static void
judge (const void *data, const CheckContext *context, Judgement *judgement)
{
  g_autoptr (Request) request = request_of (data);
  gint64 patient_until_us = check_patience_end (context, TCP_PATIENCE_US);
  gboolean patient = context->now.boot_us < patient_until_us;
  if (!request) {
    judgement_set (judgement, VERDICT_NEVER,
                   "the address cannot be read; write HOST:PORT");
    return;
  }
  const char *where = request->key + strlen ("tcp ");
  /* A connection that failed is as good a reading as one that was made. */
  const Reading *failure = check_failure (context, request);
  if (failure) {
    gboolean named = strstr (failure->error, where) != NULL;
    judgement_set (judgement, patient ? VERDICT_NOT_YET : VERDICT_NEVER, "%s%s%s",
                   named ? "" : where, named ? "" : " does not answer: ", failure->error);
    judgement->wake_us = patient ? patient_until_us : 0;
  } else if (check_reading (context, request, judgement)) {
    judgement_set (judgement, VERDICT_HOLDS, "%s takes connections", where);
  }
}

static char *
words (const void *data)
{
  g_autoptr (Request) request = request_of (data);
  return g_strdup_printf ("%s takes connections",
                          request ? request->key + strlen ("tcp ") : "the address");
}

const CheckKind check_tcp = {
  .spec = { .name = "tcp",
            .help = "A port takes connections",
            .fields = fields,
            .size = sizeof (CheckTcpSettings),
            .shorthand = "address",
            .complain = complain,
            .words = words },
  .needs = needs,
  .judge = judge,
};
