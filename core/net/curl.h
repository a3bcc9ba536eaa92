/* curl.h: connections through libcurl, on the loop; the one adapter of libcurl.
 *
 * The library is set up by the first connection, not before: most runs need none. */
#ifndef HANDRAIL_NET_CURL_H
#define HANDRAIL_NET_CURL_H

#include <glib.h>

typedef struct CurlLoop CurlLoop;
CurlLoop *curl_loop_new (void);
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

#endif
