/* acceptance.h: going on without what is required but does not hold, by a typed word. Pure.
 *
 * A check under require may name a word. While that check is seen not to hold, the
 * verdict in the state carries it; who types it goes on as if the check held, in this
 * step and until `retry`. Who it was, when, and what was accepted is in the journal. */
#ifndef HANDRAIL_RUN_ACCEPTANCE_H
#define HANDRAIL_RUN_ACCEPTANCE_H

#include "core/run/state.h"

/* What must be typed for the runbook's word: on a production site, and in practice, it
 * names the site too ("prod/lose-queues"). Newly allocated. */
char *acceptance_word (const RunState *state, const char *accept);

/* What can be accepted in answer to `question`, which is an offer, or NULL while waiting:
 * const StateVerdict *, borrowed from `state`. Newly allocated, often empty. */
GPtrArray *acceptance_offers (const RunState *state, const Question *question);

/* The one of those, in answer to what stands in `state`, whose word `typed` is exactly;
 * or NULL. */
const StateVerdict *acceptance_find (const RunState *state, const char *typed);

/* The same by the runbook's word. */
const StateVerdict *acceptance_named (const RunState *state, const char *accept);

/* Whether the operator goes on without the check of that word in this step. */
gboolean acceptance_given (const StepState *step, const char *accept);

#endif
