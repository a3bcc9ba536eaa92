/* redis_inside.h: what the files redis_*.c of the simulated Redis share. Pure. */
#ifndef HANDRAIL_PRACTICE_REDIS_INSIDE_H
#define HANDRAIL_PRACTICE_REDIS_INSIDE_H

#include "core/practice/redis/redis.h"

struct Redis {
  World *world; /* borrowed */
  guint database;
  char *socket;
  guint clients; /* connected now */

  /* Since it was started, and which start that was. */
  char *run_id;
  guint64 connections, commands, errors, saves, received, sent;
};

struct RedisClient {
  Redis *redis; /* borrowed */
  guint64 id;
  guint database;
  char *name;    /* by CLIENT SETNAME, or NULL */
  gboolean leaves; /* it has said QUIT */
};

/* Appends what is answered to a command; the number of its words is right. */
typedef void (*RedisAnswer) (RedisClient *client, const GPtrArray *words, GString *out);

typedef struct {
  const char *name;  /* "llen"; "config|get": its first word has others like it */
  guint least, most; /* words, that of its name (or both) among them; most 0: no limit */
  RedisAnswer answer;
} RedisCommand;

/* ---- redis.c ------------------------------------------------------------------------ */

static inline const GString *
redis_word (const GPtrArray *words, guint index)
{
  return words->pdata[index];
}

/* Whether the word says that, in capitals or not. */
gboolean redis_word_is (const GPtrArray *words, guint index, const char *text);

/* A number as Redis reads one, otherwise FALSE, and the error has been appended. */
gboolean redis_read_integer (const GString *word, gint64 *number, GString *out);

void redis_wrong_arguments (const char *command, GString *out);

/* When it was last written to disk, seconds since 1970. */
gint64 redis_saved_wall_s (const Redis *redis);

/* ---- redis_database.c: the database that a client has selected ----------------------- */

/* "none" where there is no such key. */
const char *redis_database_type (const RedisClient *client, const GString *key);
/* NULL-terminated, sorted. Newly allocated. */
GStrv redis_database_keys (const RedisClient *client);
/* How many keys Sidekiq's own has, and how many of them go by themselves, in how many
 * milliseconds as an average. */
void redis_database_count (const Redis *redis, guint *keys, guint *expires, gint64 *ttl_ms);

/* ---- redis_keys.c ------------------------------------------------------------------------ */

/* What SCAN and those like it were told; NULL: all of them. Borrowed from the words. */
typedef struct {
  const char *pattern, *type;
} RedisScan;

/* FALSE, and the error has been appended, when it is no cursor. */
gboolean redis_scan_cursor (const GString *word, gint64 *cursor, GString *out);

/* The options behind the cursor, from word `from` on; `typed`: TYPE is one. FALSE, and the error
 * has been appended, for what is none. */
gboolean redis_scan_options (const GPtrArray *words, guint from, gboolean typed,
                             RedisScan *scan, GString *out);

/* ---- redis_values.c ---------------------------------------------------------------------- */

/* Of that type, or not there; otherwise the error has been appended. */
gboolean redis_value_may_be (const RedisClient *client, const GString *key,
                             const char *type, GString *out);

/* As JSON (world_key()): a new reference, or NULL. */
json_t *redis_value_of (const RedisClient *client, const GString *key);

/* Appends a JSON string; NULL is nil. */
void redis_value_answer (const json_t *json, GString *out);

/* As Redis writes it. */
void redis_value_score (double score, GString *out);

/* ---- redis_match.c -------------------------------------------------------------------- */

/* Whether the text is like the pattern, as KEYS has it: * ? [abc] [^a-z] \x. `fold`: capitals
 * are as good as others. */
gboolean redis_match (const char *pattern, const char *text, gboolean fold);

/* ---- redis_names.c ---------------------------------------------------------------------- */

/* Whether Redis 7.0 has a command of that name, "get" or "config|set". */
gboolean redis_names_has (const char *name);

/* ---- the commands, by what they are about; each list ends with a record without a name --- */

extern const RedisCommand redis_client_commands[], redis_config_commands[],
    redis_info_commands[], redis_key_commands[], redis_look_commands[],
    redis_state_commands[], redis_value_commands[];

#endif
