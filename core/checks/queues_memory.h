/* queues_memory.h: what the check `queues` keeps of the samples that a run has seen. Pure.
 *
 * It is folded from the readings (reading.h) since the run's last change: what was seen
 * before that is another system. */
#ifndef HANDRAIL_CHECKS_QUEUES_MEMORY_H
#define HANDRAIL_CHECKS_QUEUES_MEMORY_H

#include "core/checks/checks.h"
#include "core/checks/queues_judge.h"

#define QUEUES_INTERVAL_US (2 * G_USEC_PER_SEC)

/* Since when something has been so in every sample and without a gap, boot time; 0: it is
 * not so. */
typedef gint64 QueuesLasting;

typedef struct {
  gint64 speed;             /* procedure time per machine time */
  QueuesJudge *judge;       /* on the axis of procedure time, in seconds since boot */
  QueuesJudgement whole;    /* as of the last sample */
  GArray *each;             /* of QueuesJudgement: its queues, where `state` is asked for */
  gboolean judged;
  gint64 busy_most;         /* FIELD_UNSET: any number */
  gboolean quiet;
  QueuesLasting rests;      /* busy and quiet as they should be */
  QueuesLasting unconsumed; /* more than at-most jobs that nobody takes */
  gint64 seen_us;           /* boot time of the last sample; 0: none yet */
  char *problem;            /* why the last reading is no sample; or NULL */
} QueuesMemory;

/* Of `request`, whose latest reading, a good one, has this body. Owned by the evidence,
 * good until it is asked again or added to. */
const QueuesMemory *queues_memory_of (const CheckQueuesSettings *settings,
                                      const CheckContext *context,
                                      const Request *request, const json_t *body);

/* For how long it has been so, procedure time. */
gint64 queues_memory_lasts_us (const QueuesMemory *memory, QueuesLasting lasting);

/* A count of a sample's body; FIELD_UNSET: it is not there. */
gint64 queues_memory_count (const json_t *body, const char *member);

#endif
