/* redis_keeps.h: whether a Redis keeps what it holds across a stop, from what it says of
 * itself (REQUEST_REDIS in reading.h). Pure. */
#ifndef HANDRAIL_CHECKS_REDIS_KEEPS_H
#define HANDRAIL_CHECKS_REDIS_KEEPS_H

#include "core/run/kind.h"

/* How it is set up. With an append-only file it is that which is loaded at the next start,
 * whatever snapshots there are. Since Redis 7, shutdown-on-sigterm says whether a stop
 * writes one: by the save points ("default"), in any case ("save"), or not ("nosave"). Its
 * other words, "now" and "force", change nothing here: replicas are not what is asked
 * about, and a snapshot that cannot be written is lost with the server or when it is
 * killed. */
typedef enum {
  REDIS_KEEPS_FILE,
  REDIS_KEEPS_FILE_FAILS,
  REDIS_KEEPS_SNAPSHOTS,
  REDIS_KEEPS_SNAPSHOT_FAILS,
  REDIS_KEEPS_NOTHING,
  REDIS_KEEPS_NO_LAST, /* snapshots, but none at the stop */
  REDIS_KEEPS_UNKNOWN, /* it does not allow CONFIG */
} RedisKeeps;

typedef struct {
  gboolean good;
  const char *name;   /* "append-only file" */
  const char *what;   /* "keeps an append-only file" */
  const char *remedy; /* what to do before it is stopped; NULL where it is good */
} RedisKeepsWords;

RedisKeeps redis_keeps (const json_t *body);
const RedisKeepsWords *redis_keeps_words (RedisKeeps keeps); /* a constant */

/* Whether what it holds now is there again after a stop now: the same, but for one that
 * holds nothing in any of its databases, is saving, or has not changed since its last
 * snapshot. */
void redis_keeps_judge (const json_t *body, Judgement *judgement);

#endif
