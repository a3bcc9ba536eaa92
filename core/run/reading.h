/* reading.h: what can be looked at, and what was seen.
 *
 * A check asks for requests; whoever does the looking answers with readings.
 * Bodies are JSON, so that a reading can be sent to a viewer, kept in a file
 * and written by hand in a test. Pure. */
#ifndef HANDRAIL_RUN_READING_H
#define HANDRAIL_RUN_READING_H

#include <jansson.h>

#include "core/base/moment.h"

typedef enum {
  REQUEST_PLATFORM, /* the whole deployment in one look; body: deployment.h */
  REQUEST_TCP,      /* a connection; body {"ms": number} */
  REQUEST_COMMAND,  /* a program; body {"status": n | "signal": n, "output": text, "cut": bool} */
} RequestType;

/* What a command's output is cut to before it becomes a reading. */
#define READING_OUTPUT_BYTES_MAX 65536

typedef struct {
  RequestType type;
  char *key;          /* what makes two requests the same: "platform", "tcp db:5432" */
  char *host;         /* REQUEST_TCP */
  guint port;
  GStrv argv;         /* REQUEST_COMMAND */
  gint64 interval_us; /* procedure time between two looks */
  gint64 limit_us;    /* machine time one look may take */
} Request;

Request *request_platform (gint64 interval_us);
Request *request_tcp (const char *host, guint port, gint64 interval_us, gint64 limit_us);
Request *request_command (const char *const *argv, gint64 interval_us, gint64 limit_us);
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

#endif
