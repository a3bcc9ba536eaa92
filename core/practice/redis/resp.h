/* resp.h: one connection to the simulated Redis: bytes in, bytes out. Pure.
 *
 * Commands come as Redis takes them: a line of words, or an array of strings (RESP 2,
 * https://redis.io/docs/reference/protocol-spec/); any number of them at once, in any
 * pieces. Whoever holds the connection brings the world up to now (world_advance())
 * before each call, and lets nobody connect, and no connection live, while
 * world_redis() is not REDIS_UP. */
#ifndef HANDRAIL_PRACTICE_RESP_H
#define HANDRAIL_PRACTICE_RESP_H

#include "core/practice/redis/redis.h"

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

#endif
