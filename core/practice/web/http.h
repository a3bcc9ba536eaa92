/* http.h: one connection to the simulated application's web server: bytes in, bytes out.
 * Pure.
 *
 * It answers GET and HEAD of /health (200 and JSON, always) and /is_up (200, or 500
 * while any check fails, without a body) as the original does, to HTTP/1.0 and 1.1. */
#ifndef HANDRAIL_PRACTICE_HTTP_H
#define HANDRAIL_PRACTICE_HTTP_H

#include "core/practice/world/world.h"

typedef struct HttpConnection HttpConnection;

/* Borrows the world. Nobody should be able to connect while world_health() is NULL. */
HttpConnection *http_new (World *world);
void http_free (HttpConnection *connection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HttpConnection, http_free)

/* `length` bytes have come, and the world is as late as it is; what is to be sent is appended
 * to `out`. FALSE: the connection is to be closed once that is sent, and nothing more is
 * to be given here. */
gboolean http_take (HttpConnection *connection, const char *bytes, gsize length,
                    GString *out);

#endif
