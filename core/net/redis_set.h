/* redis_set.h: the members of a set in Redis, followed from look to look. Pure.
 *
 * Most looks find the same members in the same order, and then nothing is done. */
#ifndef HANDRAIL_NET_REDIS_SET_H
#define HANDRAIL_NET_REDIS_SET_H

#include <jansson.h>

#include "core/net/redis.h"

/* Of a name in a reading; a longer one is cut in the middle. */
#define REDIS_NAME_CHARACTERS_MAX 200

/* Valid UTF-8 for bytes of any kind: what is none, and NUL, as \xNN. Newly allocated. */
char *redis_name (const char *bytes, gsize length);

/* What is remembered of each begins with this. */
typedef struct {
  char *bytes; /* as Redis has it, and a NUL */
  gsize length;
  json_t *name; /* as readings have it */
  gboolean is_new; /* has come with the last redis_set_update() */
} RedisMember;

typedef struct RedisSet RedisSet;

/* `size` of what is remembered of each; `clear`, or NULL, frees what it holds. */
RedisSet *redis_set_new (gsize size, GDestroyNotify clear);
void redis_set_free (RedisSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RedisSet, redis_set_free)

/* Takes over what SMEMBERS answered: whether anything came, went or changed its
 * place. What comes begins as zeroes. Elements of a LIST that are no TEXT are passed over. */
gboolean redis_set_update (RedisSet *set, const RedisReply *list);

guint redis_set_size (const RedisSet *set);
void *redis_set_at (const RedisSet *set, guint index); /* in the order of the server */
void *redis_set_find (const RedisSet *set, const char *bytes, gsize length); /* or NULL */

#endif
