/* sidekiq_job.h: the age of a job, out of its text. Pure.
 *
 * A job is a JSON object. "enqueued_at" among its own members says when it was put into
 * its queue: a fraction of seconds until Sidekiq 7, a whole number of milliseconds from 8
 * on. Its arguments may hold members of that name too, and usually come earlier. */
#ifndef HANDRAIL_NET_SIDEKIQ_JOB_H
#define HANDRAIL_NET_SIDEKIQ_JOB_H

#include <glib.h>

/* Seconds of the epoch, TRUE if the job says so. Reads the text once and keeps nothing of
 * it; of several the last counts, as for those that read the job to work on it. */
gboolean sidekiq_job_enqueued_at (const char *json, gsize length, double *seconds);

#endif
