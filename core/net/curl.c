#include "core/net/curl.h"

#include <curl/curl.h>
#include <glib-unix.h>
#include <string.h>

#include "core/base/quantity.h"

struct CurlLoop {
  CURLM *multi; /* NULL until the first connection */
  guint timer;
  GPtrArray *connections;
};

struct CurlConnection {
  CurlLoop *loop;
  CURL *easy;
  char *name; /* "db.internal:5432" */
  char *host;
  gint64 limit_us;
  char reason[CURL_ERROR_SIZE];
  CurlConnected connected;
  void *data;
};

/* A socket that libcurl wants watched. */
typedef struct {
  CurlLoop *loop;
  guint source;
} Watched;

static void
connection_free (void *data)
{
  CurlConnection *connection = data;
  if (connection->loop->multi && connection->easy)
    curl_multi_remove_handle (connection->loop->multi, connection->easy);
  curl_easy_cleanup (connection->easy);
  g_free (connection->name);
  g_free (connection->host);
  g_free (connection);
}

/* A sentence for what libcurl says, or NULL if the connection stands. */
static char *
connection_problem (const CurlConnection *connection, CURLcode code)
{
  long number = 0;
  curl_easy_getinfo (connection->easy, CURLINFO_OS_ERRNO, &number);
  g_autofree char *limit = quantity_format_duration (connection->limit_us);
  switch (code) {
  case CURLE_OK:
    return NULL;
  case CURLE_COULDNT_RESOLVE_HOST:
    return g_strdup_printf ("the name %s cannot be resolved; correct it or look at this "
                            "host's resolver",
                            connection->host);
  case CURLE_OPERATION_TIMEDOUT:
    return g_strdup_printf ("%s did not answer within %s", connection->name, limit);
  case CURLE_COULDNT_CONNECT:
    return g_strdup_printf ("%s cannot be connected to (%s)", connection->name,
                            number ? g_strerror ((int)number) : connection->reason);
  default:
    return g_strdup_printf ("%s cannot be connected to (%s)", connection->name,
                            connection->reason[0] ? connection->reason
                                                  : curl_easy_strerror (code));
  }
}

static void
connection_end (CurlConnection *connection, CURLcode code)
{
  curl_off_t took_us = 0;
  curl_easy_getinfo (connection->easy, CURLINFO_CONNECT_TIME_T, &took_us);
  g_autofree char *problem = connection_problem (connection, code);
  CurlConnected connected = connection->connected;
  void *data = connection->data;
  g_ptr_array_remove_fast (connection->loop->connections, connection);
  connected (took_us, problem, data);
}

static void
collect (CurlLoop *loop)
{
  int left;
  CURLMsg *message;
  while ((message = curl_multi_info_read (loop->multi, &left))) {
    char *connection = NULL;
    CURLcode code = message->data.result;
    if (message->msg != CURLMSG_DONE)
      continue;
    curl_easy_getinfo (message->easy_handle, CURLINFO_PRIVATE, &connection);
    connection_end ((CurlConnection *)(void *)connection, code);
  }
}

static gboolean
on_timer (void *data)
{
  CurlLoop *loop = data;
  int running;
  loop->timer = 0;
  curl_multi_socket_action (loop->multi, CURL_SOCKET_TIMEOUT, 0, &running);
  collect (loop);
  return G_SOURCE_REMOVE;
}

static int
want_timer (CURLM *multi G_GNUC_UNUSED, long timeout_ms, void *data)
{
  CurlLoop *loop = data;
  if (loop->timer)
    g_source_remove (loop->timer);
  loop->timer = timeout_ms < 0 ? 0 : g_timeout_add ((guint)timeout_ms, on_timer, loop);
  return 0;
}

static gboolean
on_socket (gint descriptor, GIOCondition condition, void *data)
{
  CurlLoop *loop = data;
  int running;
  int events = (condition & G_IO_IN ? CURL_CSELECT_IN : 0) |
               (condition & G_IO_OUT ? CURL_CSELECT_OUT : 0) |
               (condition & (G_IO_ERR | G_IO_HUP) ? CURL_CSELECT_ERR : 0);
  curl_multi_socket_action (loop->multi, descriptor, events, &running);
  collect (loop);
  /* want_socket() has removed this source if it is not wanted any more. */
  return G_SOURCE_CONTINUE;
}

static int
want_socket (CURL *easy G_GNUC_UNUSED, curl_socket_t descriptor, int what, void *data,
             void *socket_data)
{
  CurlLoop *loop = data;
  Watched *watched = socket_data;
  if (watched && watched->source)
    g_source_remove (watched->source);
  if (what == CURL_POLL_REMOVE) {
    g_free (watched);
    return 0;
  }
  if (!watched) {
    watched = g_new0 (Watched, 1);
    watched->loop = loop;
    curl_multi_assign (loop->multi, descriptor, watched);
  }
  GIOCondition condition = (what & CURL_POLL_IN ? G_IO_IN | G_IO_HUP : 0) |
                           (what & CURL_POLL_OUT ? G_IO_OUT : 0) | G_IO_ERR;
  watched->source = g_unix_fd_add (descriptor, condition, on_socket, loop);
  return 0;
}

static gboolean
set_up (CurlLoop *loop, GError **error)
{
  if (loop->multi)
    return TRUE;
  if (curl_global_init (CURL_GLOBAL_DEFAULT) == CURLE_OK)
    loop->multi = curl_multi_init ();
  if (!loop->multi) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "libcurl could not be set up");
    return FALSE;
  }
  curl_multi_setopt (loop->multi, CURLMOPT_SOCKETFUNCTION, want_socket);
  curl_multi_setopt (loop->multi, CURLMOPT_SOCKETDATA, loop);
  curl_multi_setopt (loop->multi, CURLMOPT_TIMERFUNCTION, want_timer);
  curl_multi_setopt (loop->multi, CURLMOPT_TIMERDATA, loop);
  return TRUE;
}

CurlLoop *
curl_loop_new (void)
{
  CurlLoop *loop = g_new0 (CurlLoop, 1);
  loop->connections = g_ptr_array_new_with_free_func (connection_free);
  return loop;
}

void
curl_loop_free (CurlLoop *loop)
{
  if (!loop)
    return;
  g_ptr_array_unref (loop->connections);
  if (loop->multi) {
    curl_multi_cleanup (loop->multi);
    curl_global_cleanup ();
  }
  if (loop->timer)
    g_source_remove (loop->timer);
  g_free (loop);
}

static void
set_options (CurlConnection *connection, guint port)
{
  CURL *easy = connection->easy;
  gboolean is_v6 = strchr (connection->host, ':') != NULL;
  g_autofree char *url = g_strdup_printf (is_v6 ? "http://[%s]:%u/" : "http://%s:%u/",
                                          connection->host, port);
  long limit_ms = (long)CLAMP (connection->limit_us / 1000, 1, G_MAXINT);
  curl_easy_setopt (easy, CURLOPT_URL, url);
  curl_easy_setopt (easy, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt (easy, CURLOPT_PROXY, "");
  curl_easy_setopt (easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (easy, CURLOPT_TIMEOUT_MS, limit_ms);
  curl_easy_setopt (easy, CURLOPT_CONNECTTIMEOUT_MS, limit_ms);
  /* Every look asks anew: what an earlier one learnt may no longer be so. */
  curl_easy_setopt (easy, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
  curl_easy_setopt (easy, CURLOPT_FRESH_CONNECT, 1L);
  curl_easy_setopt (easy, CURLOPT_FORBID_REUSE, 1L);
  curl_easy_setopt (easy, CURLOPT_ERRORBUFFER, connection->reason);
  curl_easy_setopt (easy, CURLOPT_PRIVATE, connection);
}

CurlConnection *
curl_connect (CurlLoop *loop, const char *host, guint port, gint64 limit_us,
              CurlConnected connected, void *data, GError **error)
{
  if (!set_up (loop, error))
    return NULL;
  CurlConnection *connection = g_new0 (CurlConnection, 1);
  connection->loop = loop;
  connection->easy = curl_easy_init ();
  connection->name = g_strdup_printf ("%s:%u", host, port);
  connection->host = g_strdup (host);
  connection->limit_us = limit_us;
  connection->connected = connected;
  connection->data = data;
  if (connection->easy) {
    set_options (connection, port);
    if (curl_multi_add_handle (loop->multi, connection->easy) == CURLM_OK) {
      g_ptr_array_add (loop->connections, connection);
      return connection;
    }
  }
  connection_free (connection);
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
               "libcurl could not begin a connection to %s:%u", host, port);
  return NULL;
}

void
curl_cancel (CurlConnection *connection)
{
  if (connection)
    g_ptr_array_remove_fast (connection->loop->connections, connection);
}
