/* resp.h: one connection to the simulated Redis: bytes in, bytes out. Pure.
 *
 * Commands come as Redis takes them: a line of words, or an array of strings (RESP 2,
 * https://redis.io/docs/reference/protocol-spec/); any number of them at once, in any
 * pieces. Whoever holds the connection brings the world up to now (world_advance())
 * before each call, and lets nobody connect, and no connection live, while
 * world_redis() is not REDIS_UP. */
#ifndef HANDRAIL_PRACTICE_RESP_H
#define HANDRAIL_PRACTICE_RESP_H

#include "core/practice/redis.h"

typedef struct RespConnection RespConnection;

/* Borrows the Redis. */
RespConnection *resp_new (Redis *redis);
void resp_free (RespConnection *connection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RespConnection, resp_free)

/* `length` bytes have come; what is to be sent is appended to `out`. FALSE: the connection is
 * to be closed once that is sent, and nothing more is to be given here. It is best read
 * from no faster than the answers are taken: nothing is kept back here. */
gboolean resp_take (RespConnection *connection, const char *bytes, gsize length,
                    GString *out);

/* ---- answers, each appended whole; a list is its head and then so many answers ------------- */

void resp_status (GString *out, const char *text);
/* `text` with its kind before it, "ERR …"; what would end the line becomes a space. */
void resp_error (GString *out, const char *format, ...) G_GNUC_PRINTF (2, 3);
void resp_integer (GString *out, gint64 number);
/* `length` in bytes, or -1 for one that ends with NUL. */
void resp_text (GString *out, const char *text, gssize length);
void resp_nil (GString *out);
void resp_list (GString *out, gsize count);

#endif
