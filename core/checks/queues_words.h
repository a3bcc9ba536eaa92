/* queues_words.h: what is to be said of job queues, in one line. Pure.
 *
 *   412 queued, 45 of 75 busy, shrinking 3.1/s: near zero in about 2m15s (1m50s to 2m50s)
 *   near zero for 1m20s of 2m (3 queued); paused: mail (2)
 *
 * `body` is that of a REQUEST_QUEUES reading (reading.h), of the last sample that `judge`
 * took; members that are missing are not spoken of. Names come out printable. Results are
 * newly allocated. */
#ifndef HANDRAIL_CHECKS_QUEUES_WORDS_H
#define HANDRAIL_CHECKS_QUEUES_WORDS_H

#include "core/checks/queues_judge.h"

/* Queues named in a line; the others are counted. */
#define QUEUES_NAMED_MAX 3
#define QUEUES_NAME_CHARACTERS_MAX 40

/* What the number of threads is told for that would drain growing queues. */
#define QUEUES_DRAIN_S 600.0

char *queues_words (const QueuesJudge *judge, QueuesJudgement whole, const json_t *body);

/* The same without what moves all the time: it changes when there is news. */
char *queues_words_gist (const QueuesJudge *judge, QueuesJudgement whole,
                         const json_t *body);

/* How many jobs wait in queues that no live worker takes from and that nobody paused. */
double queues_words_unconsumed (const json_t *body);

/* "3.1/s", "4/min"; without sign. */
char *queues_words_rate (double per_s);

/* "2m15s", "3h12m": up to a second, or a part of it that matters. */
char *queues_words_time (double seconds);

#endif
