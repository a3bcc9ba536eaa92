/* curl.h: connections through libcurl, on the loop; the one adapter of libcurl.
 *
 * The library is set up by the first connection, not before: most runs need none. */
#ifndef HANDRAIL_NET_CURL_H
#define HANDRAIL_NET_CURL_H

#include <glib.h>

#include "core/net/confine.h"

typedef struct CurlLoop CurlLoop;

/* `confine` (borrowed; may be NULL) bounds everything that is done on the loop: what is out
 * of reach fails like what cannot be begun. */
CurlLoop *curl_loop_new (const Confine *confine);
/* Ends what is under way; its callbacks do not fire any more. */
void curl_loop_free (CurlLoop *loop);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CurlLoop, curl_loop_free)

/* Fires exactly once, from the loop: how long connecting took, or a sentence why it
 * did not come about. curl_connect() and curl_cancel() may be called within. */
typedef void (*CurlConnected) (gint64 took_us, const char *error, void *data);

typedef struct CurlConnection CurlConnection;

/* Resolves `host` and opens a TCP connection, which is closed once it stands.
 * `limit_us` bounds both together. NULL with `error` if libcurl fails. */
CurlConnection *curl_connect (CurlLoop *loop, const char *host, guint port,
                              gint64 limit_us, CurlConnected connected, void *data,
                              GError **error);

/* `connected` does not fire any more. Accepts NULL. */
void curl_cancel (CurlConnection *connection);

/* ---- one answer over HTTP -------------------------------------------------- */

typedef struct {
  guint status;
  gint64 took_us;   /* from the name to the end of what was kept */
  GBytes *body;     /* at most the bytes that were wanted */
  gboolean cut;     /* there was more */
  char *location;   /* where a redirect leads, without user and password; or NULL */
} CurlAnswer;

/* Fires exactly once, from the loop: the answer, or NULL and a sentence why there is
 * none. Both are gone when it returns. curl_fetch() and curl_fetch_cancel() may be
 * called within. */
typedef void (*CurlFetched) (const CurlAnswer *answer, const char *error, void *data);

typedef struct CurlFetch CurlFetch;

/* GETs `url` (http or https), with the user and password it names. Certificates are
 * checked by those of `ca_file` alone, or NULL: the system's. Redirects are not followed;
 * neither proxies nor cookies nor anything of the environment is used. `limit_us` bounds
 * the whole. NULL with `error` if `url` is none or libcurl fails. */
CurlFetch *curl_fetch (CurlLoop *loop, const char *url, const char *ca_file,
                       gsize bytes_max, gint64 limit_us, CurlFetched fetched, void *data,
                       GError **error);

/* `fetched` does not fire any more. Accepts NULL. */
void curl_fetch_cancel (CurlFetch *fetch);

/* ---- a kept connection ------------------------------------------------------ */

typedef struct {
  const char *host; /* name or address */
  guint port;
  const char *socket;  /* or a socket of this host, by its path */
  gboolean tls;        /* checked: the certificate, and that it is for `host` */
  const char *ca_file; /* certificates that it is checked by; NULL: the system's */
} CurlPlace;

/* Both fire from the loop, and may close the stream. */
typedef struct {
  void (*opened) (const char *problem, void *data); /* once; a sentence, or NULL: it stands */
  void (*ready) (void *data); /* bytes may be there, room may be, or it is closed */
} CurlStreamEvents;

typedef struct CurlStream CurlStream;

/* `limit_us` bounds the opening. What `place` names is copied, `events` borrowed. NULL
 * with `error` if libcurl fails. */
CurlStream *curl_stream_open (CurlLoop *loop, const CurlPlace *place, gint64 limit_us,
                              const CurlStreamEvents *events, void *data, GError **error);

/* How many were sent. Fewer than `length`: go on with the rest when ready() fires; -1: the
 * connection is lost. */
gssize curl_stream_send (CurlStream *stream, const char *bytes, gsize length);

/* How many came; 0: none for now; -1: the connection is closed or lost. TLS may hold back
 * bytes that the socket no longer shows: receive until 0 comes. */
gssize curl_stream_receive (CurlStream *stream, char *bytes, gsize length);

/* Accepts NULL. */
void curl_stream_close (CurlStream *stream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CurlStream, curl_stream_close)

#endif
