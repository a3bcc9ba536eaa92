/* redis.h: the Redis of a simulated deployment: what its commands answer. Pure.
 *
 * It has the commands that handrail sends, and what a person types with redis-cli for the
 * same ends. What it does not know it refuses in Redis' own words; what Redis has and
 * the simulation has not, it says so: nothing is pretended. */
#ifndef HANDRAIL_PRACTICE_REDIS_H
#define HANDRAIL_PRACTICE_REDIS_H

#include "core/practice/world/world.h"

/* The version of Redis whose words are spoken. */
#define REDIS_VERSION "7.0.15"

/* In every refusal of what a real one has. */
#define REDIS_NOT_HERE "the simulated Redis "

/* As its configuration has it, unless it is told otherwise. */
#define REDIS_DATABASES 16

/* What all connections have in common. */
typedef struct Redis Redis;

/* What one connection has said of itself. */
typedef struct RedisClient RedisClient;

/* Sidekiq keeps its jobs in `database`; the others are empty. `socket`: where it listens, as
 * it says itself. Borrows the world. */
Redis *redis_new (World *world, guint database, const char *socket);
void redis_free (Redis *redis);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Redis, redis_free)

/* Clients are freed before their Redis. */
RedisClient *redis_client_new (Redis *redis);
void redis_client_free (RedisClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RedisClient, redis_client_free)

/* Appends to `out` what Redis answers to a command of at least one word (GString *: any
 * bytes). FALSE: the connection is to be closed once that is sent. */
gboolean redis_client_answer (RedisClient *client, const GPtrArray *words, GString *out);

#endif
