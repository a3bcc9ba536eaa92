/* queues_sample.h: one look at all job queues, and its form as a line of JSON. Pure.
 *
 *   {"at": 1795335122.77, "queues": [{"name": "default", "size": 12, "latency": 3.1}],
 *    "busy": 4, "retry": 0, "scheduled": 2, "processed": 51234}
 *
 * All but `at` and `queues` may be missing or null, and so may a queue's latency; members
 * of other names are passed over. */
#ifndef HANDRAIL_CHECKS_QUEUES_SAMPLE_H
#define HANDRAIL_CHECKS_QUEUES_SAMPLE_H

#include <glib.h>
#include <jansson.h>

#define QUEUES_LINE_BYTES_MAX (1024 * 1024)
#define QUEUES_MAX 10000 /* a sample; ten times what anyone is known to have */

/* Seconds and counts beyond this are no seconds and no counts: JSON carries whole
 * numbers exactly up to here. */
#define QUEUES_NUMBER_MAX 9007199254740992.0

typedef enum { QUEUES_SAMPLE_ERROR_SHAPE } QueuesSampleError;
#define QUEUES_SAMPLE_ERROR (queues_sample_error_quark ())
GQuark queues_sample_error_quark (void);

typedef struct {
  const char *name; /* valid UTF-8 with anything in it */
  double size;
  double latency_s; /* of the oldest job, negative with clocks apart; NAN: not known */
} QueuesOne;

typedef struct {
  double at_s;
  GArray *queues; /* of QueuesOne */
  double busy, retry, scheduled, processed; /* NAN: not known */
  json_t *json; /* what the names belong to; may be written to by its owner */
} QueuesSample;

/* A line without its line feed. NULL with `error`, a sentence without the place. */
QueuesSample *queues_sample_read (const char *line, gsize length, GError **error);

/* The same of JSON that was read already, or is a reading's body; takes it over. */
QueuesSample *queues_sample_take (json_t *json, GError **error);

void queues_sample_free (QueuesSample *sample);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QueuesSample, queues_sample_free)

#endif
