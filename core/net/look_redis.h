/* look_redis.h: the looks at a site's Redis, over connections that are kept between them. */
#ifndef HANDRAIL_NET_LOOK_REDIS_H
#define HANDRAIL_NET_LOOK_REDIS_H

#include <jansson.h>

#include "core/net/confine.h"
#include "core/run/reading.h"
#include "core/runbook/site.h"

typedef struct RedisLooks RedisLooks;

/* Both are borrowed; `confine` may be NULL. */
RedisLooks *redis_looks_new (const Site *site, const Confine *confine);
/* Callbacks do not fire any more. */
void redis_looks_free (RedisLooks *looks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RedisLooks, redis_looks_free)

/* Fires exactly once, from the loop: a body (the callback's), or a sentence why there is
 * none. Within it redis_looks_begin() may be called, redis_looks_free() not. */
typedef void (*RedisSaw) (const char *error, json_t *body, void *data);

typedef struct RedisLook RedisLook;

/* `request` (borrowed) is a REQUEST_QUEUES or REQUEST_REDIS; one look at a time for each
 * type and section. `began_us`: wall clock. NULL with `error`: the site has no such
 * section. */
RedisLook *redis_looks_begin (RedisLooks *looks, const Request *request, gint64 began_us,
                              RedisSaw saw, void *data, GError **error);

/* `saw` does not fire any more. Accepts NULL. */
void redis_look_cancel (RedisLook *look);

#endif
