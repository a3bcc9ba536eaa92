/* samples.h: the job queues as they were seen during a run, kept for replaying.
 *
 *   samples.jsonl      REQUEST_QUEUES bodies (reading.h), one a line, masked; with "seen",
 *                      this host's wall clock in seconds when it had come, for `at` is
 *                      that of the Redis, and the journal's times are this host's
 *   samples-1.jsonl    those before, once the file was full
 * and for queues of another section of the site samples-SECTION.jsonl likewise, so that
 * each file is one series. They are for people, for `handrail queues --replay` and for
 * the bars of who comes late; nothing in the run depends on them. */
#ifndef HANDRAIL_RUNNER_SAMPLES_H
#define HANDRAIL_RUNNER_SAMPLES_H

#include "core/base/mask.h"
#include "core/run/reading.h"

/* A full file is set aside and the one set aside before is dropped. With 100 queues, a
 * sample every 2 s, two of them hold some hours. */
#define SAMPLES_BYTES_MAX (16 * 1024 * 1024)

/* Adds `reading` to its file in the folder behind `folder`, if it is one of job queues
 * that saw something. FALSE with `error`: it could not be kept; the file is as before. */
gboolean samples_add (int folder, guint kept_mode, const Mask *mask,
                      const Reading *reading, GError **error);

#endif
