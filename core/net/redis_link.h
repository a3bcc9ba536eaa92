/* redis_link.h: a kept connection to a Redis or Valkey.
 *
 * libcurl opens it (curl.h), hiredis writes commands and reads replies (redis.h). Commands
 * go out as one pipeline and their replies come back together. Nothing is sent twice by
 * itself: what failed may have been carried out. */
#ifndef HANDRAIL_NET_REDIS_LINK_H
#define HANDRAIL_NET_REDIS_LINK_H

#include "core/net/confine.h"
#include "core/net/redis.h"
#include "core/runbook/site.h"

typedef struct RedisLink RedisLink;

/* Nothing is connected before the first exchange; after a failure the next one connects
 * anew, and reads the password file anew. Copies what it needs of `settings`; `confine` (borrowed) may be NULL. */
RedisLink *redis_link_new (const SiteRedis *settings, const Confine *confine);
/* Callbacks of what is under way do not fire any more. May be called within one. */
void redis_link_free (RedisLink *link);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RedisLink, redis_link_free)

const char *redis_link_name (const RedisLink *link); /* "redis.internal:6379/1" */

/* Fires exactly once, from the loop, never from inside redis_link_ask(): the LIST of the
 * replies, one for each command, good until it returns; or NULL and why there are none. */
typedef void (*RedisAnswered) (const RedisReply *replies, const GError *error,
                               void *data);

typedef struct RedisExchange RedisExchange;

/* Sends `commands` (borrowed until `answered` fires) when those asked for earlier have
 * been answered. `limit_us`: machine time from `begun_us` (of the monotonic clock) to the
 * last reply, connecting and logging in included. */
RedisExchange *redis_link_ask (RedisLink *link, const RedisCommands *commands,
                               gint64 begun_us, gint64 limit_us, RedisAnswered answered,
                               void *data);

/* To be called from `answered`, where the replies are those of the wrong server: the next
 * exchange connects anew, to what the name is resolved to by then. What others have begun
 * on the connection meanwhile is not disturbed. */
void redis_link_renew (RedisLink *link);

/* `answered` does not fire any more; the connection is closed if its replies are
 * outstanding. Accepts NULL. */
void redis_exchange_cancel (RedisExchange *exchange);

#endif
