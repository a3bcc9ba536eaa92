/* redis_server.h: what a Redis or Valkey says of itself. Pure. */
#ifndef HANDRAIL_NET_REDIS_SERVER_H
#define HANDRAIL_NET_REDIS_SERVER_H

#include <jansson.h>

#include "core/net/redis.h"

/* One look: begin, then take until there is a body or an error, as with a
 * SidekiqSampler. */
typedef struct RedisServer RedisServer;
RedisServer *redis_server_new (const char *redis); /* its name, for sentences */
void redis_server_free (RedisServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RedisServer, redis_server_free)

const RedisCommands *redis_server_begin (RedisServer *server, gint64 wall_us);

/* Body: REQUEST_REDIS in reading.h. */
const RedisCommands *redis_server_take (RedisServer *server, const RedisReply *replies,
                                        json_t **body, GError **error);

#endif
