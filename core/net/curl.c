#include "core/net/curl.h"

#include <curl/curl.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>

#include "config.h"
#include "core/base/quantity.h"
#include "core/base/text.h"
#include "core/net/tls_words.h"

struct CurlLoop {
  const Confine *confine; /* or NULL */
  CURLM *multi;           /* NULL until the first connection */
  guint timer;
  GPtrArray *jobs; /* Job *, owned */
};

/* One easy handle on the loop: the first member of what it is for. */
typedef struct Job Job;
struct Job {
  CurlLoop *loop;
  CURL *easy;
  char *name;    /* "db.internal:5432" */
  char *host;    /* "db.internal" */
  char *ca_file; /* or NULL: the system's certificates */
  gint64 limit_us;
  gboolean outside; /* a connection was out of reach, and not opened */
  char reason[CURL_ERROR_SIZE];
  void (*ended) (Job *job, CURLcode code); /* takes it over */
  void (*clear) (Job *job);                /* frees what it has beyond this; or NULL */
};

struct CurlConnection {
  Job job;
  CurlConnected connected;
  void *data;
};

/* A socket that libcurl wants watched. */
typedef struct {
  CurlLoop *loop;
  guint source;
} Watched;

/* ---- jobs ------------------------------------------------------------------ */

static void
job_free (void *data)
{
  Job *job = data;
  if (job->loop->multi && job->easy)
    curl_multi_remove_handle (job->loop->multi, job->easy);
  curl_easy_cleanup (job->easy);
  if (job->clear)
    job->clear (job);
  g_free (job->name);
  g_free (job->host);
  g_free (job->ca_file);
  g_free (job);
}

static void
job_end (Job *job)
{
  g_ptr_array_remove_fast (job->loop->jobs, job);
}

/* The last word on every connection: nothing is opened but what this says. */
static curl_socket_t
open_socket (void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
  Job *job = data;
  if (purpose != CURLSOCKTYPE_IPCXN ||
      !confine_allows (job->loop->confine, &address->addr, address->addrlen)) {
    job->outside = TRUE;
    return CURL_SOCKET_BAD;
  }
  return socket (address->family, address->socktype, address->protocol);
}

/* What every job has in common. libcurl takes options of no handle, and refuses them. */
static void
job_prepare (Job *job, CurlLoop *loop)
{
  CURL *easy = curl_easy_init ();
  long limit_ms = (long)CLAMP (job->limit_us / 1000, 1, G_MAXINT);
  job->loop = loop;
  job->easy = easy;
  curl_easy_setopt (easy, CURLOPT_PROXY, "");
  curl_easy_setopt (easy, CURLOPT_NOSIGNAL, 1L);
  /* Or ending a job would wait for the thread that resolves its name, and all else with it. */
  curl_easy_setopt (easy, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt (easy, CURLOPT_TIMEOUT_MS, limit_ms);
  curl_easy_setopt (easy, CURLOPT_CONNECTTIMEOUT_MS, limit_ms);
  /* Every look asks anew: what an earlier one learnt may no longer be so. */
  curl_easy_setopt (easy, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
  curl_easy_setopt (easy, CURLOPT_FRESH_CONNECT, 1L);
  curl_easy_setopt (easy, CURLOPT_FORBID_REUSE, 1L);
  curl_easy_setopt (easy, CURLOPT_ERRORBUFFER, job->reason);
  curl_easy_setopt (easy, CURLOPT_PRIVATE, job);
  if (!loop->confine)
    return;
  curl_easy_setopt (easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt (easy, CURLOPT_OPENSOCKETDATA, job);
}

/* The certificate, and that it is for this host, are always checked. With a file of
 * certificates the system's do not count. */
static void
job_set_tls (Job *job)
{
  CURL *easy = job->easy;
  curl_easy_setopt (easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt (easy, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt (easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
  if (!job->ca_file)
    return;
  curl_easy_setopt (easy, CURLOPT_CAINFO, job->ca_file);
  curl_easy_setopt (easy, CURLOPT_CAPATH, NULL);
}

/* From now on the loop has it. FALSE with `error`: libcurl would not, or it is out of
 * reach, and it is freed. `host` is looked for, or `socket`. */
static gboolean
job_begin (Job *job, const char *host, const char *socket, GError **error)
{
  const Confine *confine = job->loop->confine;
  gboolean within = socket ? confine_check_socket (confine, socket, error)
                           : confine_check_host (confine, host, error);
  if (!within) {
    job_free (job);
    return FALSE;
  }
  if (curl_multi_add_handle (job->loop->multi, job->easy) == CURLM_OK) {
    g_ptr_array_add (job->loop->jobs, job);
    return TRUE;
  }
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
               "libcurl could not begin a connection to %s", job->name);
  job_free (job);
  return FALSE;
}

/* ---- what went wrong ------------------------------------------------------- */

/* A sentence for what libcurl says of a job, or NULL if all is well. */
static char *
curl_problem (const Job *job, CURLcode code)
{
  long number = 0, verdict = TLS_WORDS_NO_VERDICT;
  curl_easy_getinfo (job->easy, CURLINFO_OS_ERRNO, &number);
  g_autofree char *limit = quantity_format_duration (job->limit_us);
  g_autofree char *reason =
      text_printable (job->reason[0] ? job->reason : curl_easy_strerror (code), -1);
  switch (code) {
  case CURLE_OK:
    return NULL;
  case CURLE_COULDNT_RESOLVE_HOST:
    return g_strdup_printf ("the name %s cannot be resolved; correct it or look at this "
                            "host's resolver",
                            job->host);
  case CURLE_OPERATION_TIMEDOUT:
    return g_strdup_printf ("%s did not answer within %s", job->name, limit);
  case CURLE_COULDNT_CONNECT:
    if (job->outside)
      return confine_problem (job->name);
    return g_strdup_printf ("%s cannot be connected to (%s)", job->name,
                            number ? g_strerror ((int)number) : reason);
  case CURLE_PEER_FAILED_VERIFICATION:
    curl_easy_getinfo (job->easy, CURLINFO_SSL_VERIFYRESULT, &verdict);
    return tls_words_certificate (job->name, job->host, job->ca_file, verdict, reason);
  case CURLE_SSL_CACERT_BADFILE:
    return g_strdup_printf ("the certificates in %s cannot be read; correct ca-file",
                            job->ca_file ? job->ca_file : "this system");
  case CURLE_SSL_CONNECT_ERROR:
    return tls_words_failure (job->name, reason);
  default:
    return g_strdup_printf ("%s cannot be connected to (%s)", job->name, reason);
  }
}

/* ---- the loop -------------------------------------------------------------- */

static void
collect (CurlLoop *loop)
{
  int left;
  CURLMsg *message;
  while ((message = curl_multi_info_read (loop->multi, &left))) {
    char *private = NULL;
    CURLcode code = message->data.result;
    if (message->msg != CURLMSG_DONE)
      continue;
    curl_easy_getinfo (message->easy_handle, CURLINFO_PRIVATE, &private);
    Job *job = (Job *)(void *)private;
    job->ended (job, code);
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
curl_loop_new (const Confine *confine)
{
  CurlLoop *loop = g_new0 (CurlLoop, 1);
  loop->confine = confine;
  loop->jobs = g_ptr_array_new_with_free_func (job_free);
  return loop;
}

void
curl_loop_free (CurlLoop *loop)
{
  if (!loop)
    return;
  g_ptr_array_unref (loop->jobs);
  if (loop->multi) {
    curl_multi_cleanup (loop->multi);
    curl_global_cleanup ();
  }
  if (loop->timer)
    g_source_remove (loop->timer);
  g_free (loop);
}

/* ---- a connection ---------------------------------------------------------- */

static void
connection_ended (Job *job, CURLcode code)
{
  CurlConnection *connection = (CurlConnection *)job;
  curl_off_t took_us = 0;
  curl_easy_getinfo (job->easy, CURLINFO_CONNECT_TIME_T, &took_us);
  g_autofree char *problem = curl_problem (job, code);
  CurlConnected connected = connection->connected;
  void *data = connection->data;
  job_end (job);
  connected (took_us, problem, data);
}

CurlConnection *
curl_connect (CurlLoop *loop, const char *host, guint port, gint64 limit_us,
              CurlConnected connected, void *data, GError **error)
{
  if (!set_up (loop, error))
    return NULL;
  CurlConnection *connection = g_new0 (CurlConnection, 1);
  Job *job = &connection->job;
  gboolean is_v6 = strchr (host, ':') != NULL;
  g_autofree char *url =
      g_strdup_printf (is_v6 ? "http://[%s]:%u/" : "http://%s:%u/", host, port);
  job->name = g_strdup_printf ("%s:%u", host, port);
  job->host = g_strdup (host);
  job->limit_us = limit_us;
  job->ended = connection_ended;
  connection->connected = connected;
  connection->data = data;
  job_prepare (job, loop);
  curl_easy_setopt (job->easy, CURLOPT_URL, url);
  curl_easy_setopt (job->easy, CURLOPT_CONNECT_ONLY, 1L);
  return job_begin (job, host, NULL, error) ? connection : NULL;
}

void
curl_cancel (CurlConnection *connection)
{
  if (connection)
    job_end (&connection->job);
}

/* ---- one answer over HTTP -------------------------------------------------- */

/* Headers of answers are a few hundred bytes; libcurl would take them without end. */
#define HEADER_BYTES_MAX 65536

struct CurlFetch {
  Job job;
  gboolean tls;
  GByteArray *body;
  gsize bytes_max;
  gsize header_bytes;
  gboolean cut;
  CurlFetched fetched;
  void *data;
};

static void
fetch_clear (Job *job)
{
  CurlFetch *fetch = (CurlFetch *)job;
  g_byte_array_unref (fetch->body);
}

static size_t
on_body (char *bytes, size_t size, size_t count, void *data)
{
  CurlFetch *fetch = data;
  gsize length = size * count, room = fetch->bytes_max - fetch->body->len;
  fetch->cut = length > room;
  g_byte_array_append (fetch->body, (const guint8 *)bytes, (guint)MIN (length, room));
  return fetch->cut ? CURL_WRITEFUNC_ERROR : length;
}

static size_t
on_header (char *bytes G_GNUC_UNUSED, size_t size, size_t count, void *data)
{
  CurlFetch *fetch = data;
  fetch->header_bytes += size * count;
  return fetch->header_bytes > HEADER_BYTES_MAX ? CURL_WRITEFUNC_ERROR : size * count;
}

static char *
fetch_late (const Job *job)
{
  long status = 0;
  g_autofree char *limit = quantity_format_duration (job->limit_us);
  curl_easy_getinfo (job->easy, CURLINFO_RESPONSE_CODE, &status);
  return g_strdup_printf (status ? "%s began to answer, and did not end within %s"
                                 : "%s did not answer within %s",
                          job->name, limit);
}

/* The same as curl_problem(), where what is spoken is HTTP. */
static char *
fetch_problem (const CurlFetch *fetch, CURLcode code)
{
  const Job *job = &fetch->job;
  const char *with_tls = fetch->tls ? "" : "; if it speaks TLS, write https://";
  switch (code) {
  case CURLE_OPERATION_TIMEDOUT:
    return fetch_late (job);
  case CURLE_GOT_NOTHING:
    return g_strdup_printf ("%s closed the connection without an answer%s", job->name,
                            with_tls);
  case CURLE_UNSUPPORTED_PROTOCOL:
  case CURLE_WEIRD_SERVER_REPLY:
    return g_strdup_printf ("%s answers with something that is no HTTP; correct the "
                            "port%s",
                            job->name, fetch->tls ? "" : ", or write https://");
  case CURLE_PARTIAL_FILE:
  case CURLE_RECV_ERROR:
  case CURLE_SEND_ERROR:
    return g_strdup_printf ("the connection to %s broke in the middle%s", job->name,
                            fetch->header_bytes ? " of the answer" : with_tls);
  case CURLE_WRITE_ERROR:
    return g_strdup_printf ("%s answers with more than %d KiB of headers; look at what "
                            "serves there",
                            job->name, HEADER_BYTES_MAX / 1024);
  default:
    return curl_problem (job, code);
  }
}

/* `url` without user and password, or NULL if it is none. */
static char *
url_without_user (const char *url)
{
  CURLU *parts = curl_url ();
  char *whole = NULL;
  if (curl_url_set (parts, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK) {
    curl_url_set (parts, CURLUPART_USER, NULL, 0);
    curl_url_set (parts, CURLUPART_PASSWORD, NULL, 0);
    curl_url_get (parts, CURLUPART_URL, &whole, 0);
  }
  char *copy = whole ? text_printable (whole, -1) : NULL;
  curl_free (whole);
  curl_url_cleanup (parts);
  return copy;
}

static void
fetch_ended (Job *job, CURLcode code)
{
  CurlFetch *fetch = (CurlFetch *)job;
  CURL *easy = job->easy;
  curl_off_t took_us = 0;
  long status = 0;
  char *location = NULL;
  curl_easy_getinfo (easy, CURLINFO_TOTAL_TIME_T, &took_us);
  curl_easy_getinfo (easy, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo (easy, CURLINFO_REDIRECT_URL, &location);
  gboolean good = code == CURLE_OK || (code == CURLE_WRITE_ERROR && fetch->cut);
  g_autofree char *problem = good ? NULL : fetch_problem (fetch, code);
  g_autofree char *leads = location ? url_without_user (location) : NULL;
  g_autoptr (GBytes) body = g_bytes_new (fetch->body->data, fetch->body->len);
  CurlAnswer answer = { .status = (guint)status,
                        .took_us = took_us,
                        .body = body,
                        .cut = fetch->cut,
                        .location = leads };
  CurlFetched fetched = fetch->fetched;
  void *data = fetch->data;
  job_end (job);
  fetched (good ? &answer : NULL, problem, data);
}

/* Whom `url` asks, without user and password. FALSE: it is no web address. */
static gboolean
fetch_read_url (CurlFetch *fetch, const char *url)
{
  Job *job = &fetch->job;
  CURLU *parts = curl_url ();
  char *scheme = NULL, *host = NULL, *port = NULL;
  gboolean good =
      curl_url_set (parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
      curl_url_get (parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
      curl_url_get (parts, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
      curl_url_get (parts, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK;
  if (good) {
    fetch->tls = strcmp (scheme, "https") == 0;
    good = fetch->tls || strcmp (scheme, "http") == 0;
    job->host = text_printable (host, -1);
    job->name = g_strdup_printf ("%s:%s", job->host, port);
  }
  curl_free (scheme);
  curl_free (host);
  curl_free (port);
  curl_url_cleanup (parts);
  return good;
}

static void
fetch_set_options (CurlFetch *fetch, const char *url)
{
  CURL *easy = fetch->job.easy;
  curl_easy_setopt (easy, CURLOPT_URL, url);
  curl_easy_setopt (easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt (easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  curl_easy_setopt (easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt (easy, CURLOPT_USERAGENT, "handrail/" PACKAGE_VERSION);
  curl_easy_setopt (easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt (easy, CURLOPT_WRITEDATA, fetch);
  curl_easy_setopt (easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt (easy, CURLOPT_HEADERDATA, fetch);
}

CurlFetch *
curl_fetch (CurlLoop *loop, const char *url, const char *ca_file, gsize bytes_max,
            gint64 limit_us, CurlFetched fetched, void *data, GError **error)
{
  if (!set_up (loop, error))
    return NULL;
  CurlFetch *fetch = g_new0 (CurlFetch, 1);
  Job *job = &fetch->job;
  fetch->body = g_byte_array_new ();
  fetch->bytes_max = bytes_max;
  fetch->fetched = fetched;
  fetch->data = data;
  job->ca_file = g_strdup (ca_file);
  job->limit_us = limit_us;
  job->ended = fetch_ended;
  job->clear = fetch_clear;
  job_prepare (job, loop);
  if (!fetch_read_url (fetch, url)) {
    job_free (job);
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                 "the address is none of the web; write http://HOST/PATH or "
                 "https://HOST/PATH");
    return NULL;
  }
  job_set_tls (job);
  fetch_set_options (fetch, url);
  return job_begin (job, job->host, NULL, error) ? fetch : NULL;
}

void
curl_fetch_cancel (CurlFetch *fetch)
{
  if (fetch)
    job_end (&fetch->job);
}

/* ---- a kept connection ------------------------------------------------------ */

/* The most that one curl_stream_receive() gives. */
#define STREAM_BYTES_MAX 131072L

struct CurlStream {
  Job job;
  curl_socket_t socket;
  guint reads, writes; /* sources on `socket` */
  const CurlStreamEvents *events;
  void *data;
};

static gboolean
on_stream (gint descriptor G_GNUC_UNUSED, GIOCondition condition G_GNUC_UNUSED,
           void *data)
{
  CurlStream *stream = data;
  stream->events->ready (stream->data); /* which may have closed it */
  return G_SOURCE_CONTINUE;
}

static gboolean
on_room (gint descriptor G_GNUC_UNUSED, GIOCondition condition G_GNUC_UNUSED, void *data)
{
  CurlStream *stream = data;
  stream->writes = 0;
  stream->events->ready (stream->data);
  return G_SOURCE_REMOVE;
}

/* The name was found and the connection made, but TLS was not agreed on in time. */
static gboolean
waited_for_tls (const Job *job, CURLcode code)
{
  long connections = 0;
  curl_easy_getinfo (job->easy, CURLINFO_NUM_CONNECTS, &connections);
  return code == CURLE_OPERATION_TIMEDOUT && connections > 0;
}

static void
stream_opened (Job *job, CURLcode code)
{
  CurlStream *stream = (CurlStream *)job;
  g_autofree char *problem = waited_for_tls (job, code)
                                 ? g_strdup_printf ("%s does not answer with TLS; see "
                                                    "whether it speaks TLS there",
                                                    job->name)
                                 : curl_problem (job, code);
  if (code == CURLE_OK && (curl_easy_getinfo (job->easy, CURLINFO_ACTIVESOCKET,
                                              &stream->socket) != CURLE_OK ||
                           stream->socket == CURL_SOCKET_BAD))
    problem = g_strdup_printf ("%s closed the connection at once", job->name);
  if (!problem && !confine_allows_peer (job->loop->confine, stream->socket))
    problem = confine_problem (job->name);
  if (!problem)
    stream->reads =
        g_unix_fd_add (stream->socket, G_IO_IN | G_IO_HUP | G_IO_ERR, on_stream, stream);
  stream->events->opened (problem, stream->data);
}

static void
stream_clear (Job *job)
{
  CurlStream *stream = (CurlStream *)job;
  g_clear_handle_id (&stream->reads, g_source_remove);
  g_clear_handle_id (&stream->writes, g_source_remove);
}

static void
stream_set_options (CurlStream *stream, const CurlPlace *place)
{
  CURL *easy = stream->job.easy;
  const char *host = place->host ? place->host : "localhost";
  g_autofree char *url = g_strdup_printf (
      strchr (host, ':') ? "%s://[%s]:%u/" : "%s://%s:%u/", place->tls ? "https" : "http",
      host, place->socket ? 80 : place->port);
  curl_easy_setopt (easy, CURLOPT_URL, url);
  curl_easy_setopt (easy, CURLOPT_CONNECT_ONLY, 1L);
  /* libcurl lets go of a connection that must not be used again. */
  curl_easy_setopt (easy, CURLOPT_FORBID_REUSE, 0L);
  curl_easy_setopt (easy, CURLOPT_SSL_ENABLE_ALPN, 0L);
  curl_easy_setopt (easy, CURLOPT_BUFFERSIZE, STREAM_BYTES_MAX);
  curl_easy_setopt (easy, CURLOPT_TCP_KEEPALIVE, 1L);
  if (place->socket)
    curl_easy_setopt (easy, CURLOPT_UNIX_SOCKET_PATH, place->socket);
}

CurlStream *
curl_stream_open (CurlLoop *loop, const CurlPlace *place, gint64 limit_us,
                  const CurlStreamEvents *events, void *data, GError **error)
{
  if (!set_up (loop, error))
    return NULL;
  CurlStream *stream = g_new0 (CurlStream, 1);
  Job *job = &stream->job;
  stream->socket = CURL_SOCKET_BAD;
  stream->events = events;
  stream->data = data;
  job->host = g_strdup (place->host ? place->host : place->socket);
  job->name = place->socket ? g_strdup (place->socket)
                            : g_strdup_printf ("%s:%u", place->host, place->port);
  job->ca_file = g_strdup (place->ca_file);
  job->limit_us = limit_us;
  job->ended = stream_opened;
  job->clear = stream_clear;
  job_prepare (job, loop);
  job_set_tls (job);
  stream_set_options (stream, place);
  return job_begin (job, place->host, place->socket, error) ? stream : NULL;
}

gssize
curl_stream_send (CurlStream *stream, const char *bytes, gsize length)
{
  size_t sent = 0;
  CURLcode code = curl_easy_send (stream->job.easy, bytes, length, &sent);
  if (code != CURLE_OK && code != CURLE_AGAIN)
    return -1;
  if (sent < length && !stream->writes)
    stream->writes = g_unix_fd_add (stream->socket, G_IO_OUT | G_IO_ERR, on_room, stream);
  return (gssize)sent;
}

gssize
curl_stream_receive (CurlStream *stream, char *bytes, gsize length)
{
  size_t got = 0;
  CURLcode code = curl_easy_recv (stream->job.easy, bytes, length, &got);
  if (code == CURLE_AGAIN)
    return 0;
  return code == CURLE_OK && got > 0 ? (gssize)got : -1;
}

void
curl_stream_close (CurlStream *stream)
{
  if (stream)
    job_end (&stream->job);
}
