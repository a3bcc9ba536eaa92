/* reading.h: what can be looked at, and what was seen.
 *
 * A check asks for requests; whoever does the looking answers with readings.
 * Bodies are JSON, so that a reading can be sent to a viewer, kept in a file
 * and written by hand in a test. Pure.
 *
 * REQUEST_QUEUES: all job queues of a Redis, as Sidekiq keeps them. Body:
 *   {"at": wall clock in seconds,
 *    "queues": [{"name", "size", "latency": age of the oldest job in seconds (0: empty;
 *                absent: not known), "paused": true or absent,
 *                "consumed": false where no live process takes from it, else absent}],
 *    "busy": jobs being worked on, "threads": how many could be,
 *    "retry", "scheduled", "dead", "processed", "failed": counts,
 *    "processes": [{"name": HOST:PID:TOKEN, "hostname", "busy", "threads", "quiet": bool,
 *                   "beat_s": age of its last sign of life}],   the live ones
 *    "gone": names of processes that have given no sign of life lately (absent: none)}
 * Names are valid UTF-8; bytes that are none, and NUL, stand there as \\xNN.
 *
 * REQUEST_REDIS: the server itself. Body:
 *   {"run_id": another one at each start of it, or absent where it gives none that is like one,
 *    "version": "7.0.15", "role": "master" | "slave", "master": "HOST:PORT" of a slave's,
 *    "keys": in the database, "all_keys": in all of its databases, "memory_bytes",
 *    "policy": "noeviction" or absent,
 *    "aof": bool, "aof_ok": bool, "snapshot_ok": bool, "changes": since the last snapshot,
 *    "saving": bool, "save": "3600 1 300 100" or "" or absent where CONFIG is not allowed,
 *    "on_sigterm": "default", or words such as "nosave"; absent, too, before Redis 7,
 *    "processes": as above}
 *
 * REQUEST_HTTP: body {"status": n, "ms": number, "text": what came, "cut": bool,
 *   "location": where a redirect leads, which is not followed; or absent}. */
#ifndef HANDRAIL_RUN_READING_H
#define HANDRAIL_RUN_READING_H

#include <jansson.h>

#include "core/base/moment.h"

typedef enum {
  REQUEST_PLATFORM, /* the whole deployment in one look; body: deployment.h */
  REQUEST_TCP,      /* a connection; body {"ms": number} */
  REQUEST_COMMAND,  /* a program; body {"status": n | "signal": n, "output": text, "cut": bool} */
  REQUEST_QUEUES,   /* job queues; body above */
  REQUEST_REDIS,    /* a Redis or Valkey; body above */
  REQUEST_HTTP,     /* a web address; body above */
} RequestType;

/* Sidekiq writes its sign of life every 5 s; older than this, nobody is there
 * (its own web page waits for the key to expire, after 60 s). */
#define READING_BEAT_MAX_S 15

/* How the error of a reading begins where TLS was refused for the certificate's sake:
 * waiting does not mend it. */
#define READING_CERTIFICATE "the certificate of "

/* A server's run_id is 40 hexadecimal digits; what is longer than this is something else. */
#define READING_RUN_ID_MAX 64

/* What an answer over HTTP is cut to. */
#define READING_HTTP_BYTES_MAX 65536

/* What a command's output is cut to before it becomes a reading. */
#define READING_OUTPUT_BYTES_MAX 65536

typedef struct {
  RequestType type;
  char *key;          /* what makes two requests the same: "platform", "tcp db:5432" */
  char *host;         /* REQUEST_TCP */
  guint port;
  GStrv argv;         /* REQUEST_COMMAND */
  char *section;      /* REQUEST_QUEUES, REQUEST_REDIS: of the site: "redis", "redis-new" */
  char *url;          /* REQUEST_HTTP */
  char *ca_file;      /* REQUEST_HTTP: or NULL: the system's certificates */
  gint64 interval_us; /* procedure time between two looks */
  gint64 limit_us;    /* machine time one look may take */
} Request;

Request *request_platform (gint64 interval_us);
Request *request_tcp (const char *host, guint port, gint64 interval_us, gint64 limit_us);
Request *request_command (const char *const *argv, gint64 interval_us, gint64 limit_us);
Request *request_queues (const char *section, gint64 interval_us, gint64 limit_us);
Request *request_redis (const char *section, gint64 interval_us, gint64 limit_us);
Request *request_http (const char *url, const char *ca_file, gint64 interval_us,
                       gint64 limit_us);
Request *request_copy (const Request *request);
void request_free (Request *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

typedef struct {
  char *key;
  Moment began; /* before anything was asked */
  Moment ended;
  char *error;  /* a sentence why nothing was read, or NULL */
  json_t *body; /* NULL with an error */
} Reading;

/* Takes over `body` and copies the texts. */
Reading *reading_new (const char *key, Moment began, Moment ended, const char *error,
                      json_t *body);
void reading_free (Reading *reading);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reading, reading_free)

gboolean reading_is_of_platform (const Reading *reading); /* REQUEST_PLATFORM */

/* The section whose job queues it is of (REQUEST_QUEUES), or NULL. */
const char *reading_queues_section (const Reading *reading);

json_t *reading_to_json (const Reading *reading);
Reading *reading_from_json (const json_t *json); /* NULL if it is none */

/* The readings of a run, the last EVIDENCE_KEPT of each key. */
#define EVIDENCE_KEPT 64
typedef struct Evidence Evidence;
Evidence *evidence_new (void);
void evidence_free (Evidence *evidence);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Evidence, evidence_free)

void evidence_add (Evidence *evidence, Reading *reading); /* takes it over */

/* Owned by `evidence`, until the next evidence_add(). NULL if there is none. */
const Reading *evidence_latest (const Evidence *evidence, const char *key);

/* The earliest kept reading without error that began at or after `boot_us`. */
const Reading *evidence_first_since (const Evidence *evidence, const char *key,
                                     gint64 boot_us);

/* What somebody who comes now has to know to see what others see: of job queues every
 * reading that is kept, of all else the last good one and the last one. Const Reading *,
 * in the order in which they came; newly allocated, its contents good until the next
 * evidence_add(). */
GPtrArray *evidence_so_far (const Evidence *evidence);

/* What is kept of more readings than are kept themselves: folded from each as it comes,
 * failed ones too. */
typedef struct {
  void *(*begin) (const void *settings);
  void (*take) (void *memory, const Reading *reading);
  void (*finish) (void *memory);
} EvidenceFold;

/* As many memories at a time; the one not asked for longest goes. */
#define EVIDENCE_FOLDS_MAX 16

/* The memory of `fold` over the readings of `key` that began at or after `since_us`.
 * `name` tells apart memories of different settings. Begun when it is first asked for,
 * and anew when `since_us` is another, from the readings that are kept; from then on
 * evidence_add() keeps it up. Owned by `evidence`, good until the next call of either. */
void *evidence_fold (const Evidence *evidence, const char *key, const char *name,
                     const EvidenceFold *fold, const void *settings, gint64 since_us);

#endif
