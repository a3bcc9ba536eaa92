/* looking.h: the runner without a run: looks at what a site has when it is asked to.
 *
 * On the socket, JSON objects, one a line. It is told
 *   {"say":"look","what":W,"section":S}                   one reading, please
 *   {"say":"watch","what":W,"section":S,"interval_us":N}  a reading every N, until the
 *                                                         line closes; the first at once
 * W is "platform" (also where it is missing), "queues" or "redis" (reading.h says what
 * their bodies are); S is the site's section, "redis" where it is missing. What is watched
 * takes the place of what was watched before. It answers each reading with a line
 *   {"live":"reading","reading":{…}}
 * as reading_to_json() makes it. Looks are answered in their order, each by a reading that
 * began after it came; one that failed is a reading too, with a member "error". */
#ifndef HANDRAIL_RUNNER_LOOKING_H
#define HANDRAIL_RUNNER_LOOKING_H

#include "core/runner/inputs.h"

/* More looks that wait for their answer are no questions, and end the line. */
#define LOOKING_ASKED_MAX 64

/* What can be watched how often: slower would be no watching, faster shows no more. */
#define LOOKING_INTERVAL_US_MIN (250 * G_TIME_SPAN_MILLISECOND)
#define LOOKING_INTERVAL_US_MAX (60 * G_USEC_PER_SEC)

/* Machine time that one look at a Redis has. */
#define LOOKING_LIMIT_US (5 * G_USEC_PER_SEC)

/* Talks on the socket `descriptor`; returns when the other end is closed, or says what is
 * longer or more than it may be. `speed`: procedure time per machine time. */
void looking_run (Inputs *inputs, gint64 speed, int descriptor);

#endif
