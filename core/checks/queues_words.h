/* queues_words.h: what is to be said of job queues, in one line. Pure.
 *
 *   412 queued, 45 of 75 busy, shrinking 3.1/s: near zero in about 2m15s (1m50s to 2m50s)
 *   near zero for 1m20s of 2m (3 queued); paused: mail (2)
 *
 * or, where the counts and the rate stand beside it,
 *
 *   shrinking: near zero in about 2m15s (1m50s to 2m50s)
 *   near zero for 1m20s of 2m; paused: mail (2)
 *
 * Names come out printable. Results are newly allocated. */
#ifndef HANDRAIL_CHECKS_QUEUES_WORDS_H
#define HANDRAIL_CHECKS_QUEUES_WORDS_H

#include "core/checks/queues_judge.h"

/* Queues named in a line; the others are counted. */
#define QUEUES_NAMED_MAX 3
#define QUEUES_NAME_CHARACTERS_MAX 40

/* What the number of threads is told for that would drain growing queues. */
#define QUEUES_DRAIN_S 600.0

/* What is spoken of. */
typedef struct {
  const QueuesJudge *judge;
  QueuesJudgement whole;
  const GArray *each; /* queues_judge_each() of `body`; NULL: none is named for a verdict */
  const json_t *body; /* of a REQUEST_QUEUES reading (reading.h), of the last sample that
                         `judge` took; what it lacks is not spoken of */
  gboolean brief;     /* without counts and rate */
  gboolean worked_off; /* which is all that was wanted: what part of the window they have been
                          near zero for is not told, the rest would seem to be missing */
} QueuesSaid;

char *queues_words (const QueuesSaid *said);

/* The same without what moves all the time: it changes when there is news. Which queues
 * grow or are stuck is none, for some cross that line again and again. */
char *queues_words_gist (const QueuesSaid *said);

/* How many jobs wait in queues that no live worker takes from and that nobody paused. */
double queues_words_unconsumed (const json_t *body);

/* "3.1/s", "4/min"; without sign. */
char *queues_words_rate (double per_s);

/* "2m15s", "3h12m": up to a second, or a part of it that matters. */
char *queues_words_time (double seconds);

#endif
