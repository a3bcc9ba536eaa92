/* redis_address.h: where a Redis or Valkey is, as its URL says it. Pure.
 *
 *   redis://[USER[:PASSWORD]@]HOST[:PORT][/DATABASE]
 *   rediss://…                                     the same with TLS
 *   unix://[USER[:PASSWORD]@]/PATH[?db=DATABASE]   a socket on this host
 *
 * as Redis clients write it (IANA's registrations of redis: and rediss:). */
#ifndef HANDRAIL_RUNBOOK_REDIS_ADDRESS_H
#define HANDRAIL_RUNBOOK_REDIS_ADDRESS_H

#include <glib.h>

#define REDIS_PORT 6379
#define REDIS_DATABASES_MAX 10000 /* servers come with 16 */

typedef struct {
  char *host;    /* name or address without brackets; or NULL: a socket */
  guint port;    /* of `host` */
  char *socket;  /* absolute path; or NULL */
  gboolean tls;
  char *user;    /* or NULL */
  char *password; /* or NULL */
  guint database;
} RedisAddress;

/* NULL if `url` is one, with *address (newly allocated; NULL: only look) set; else the
 * rest of a sentence ("has no host; write …"), newly allocated, without a password. */
char *redis_address_read (const char *url, RedisAddress **address);
void redis_address_free (RedisAddress *address);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RedisAddress, redis_address_free)

/* "redis.internal:6379/1", "[::1]:6379/0", "/run/redis.sock?db=0": for people, without
 * user and password. Newly allocated. */
char *redis_address_format (const RedisAddress *address);

#endif
