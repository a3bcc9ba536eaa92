/* skipped.h: what is waited for and a step that was left out should have brought about. Pure.
 * Inside core/run only.
 *
 * No new state: a step that was skipped, though it applies here, acts on the services that
 * the check is about, and its own `until` has a check of the same kind on them. */
#ifndef HANDRAIL_RUN_SKIPPED_H
#define HANDRAIL_RUN_SKIPPED_H

#include "core/run/next.h"

/* The services of a check or an action; NULL: it is about none. */
const char *const *skipped_services (const Clause *clause);

/* Whether both are about one of the same services. */
gboolean skipped_share (const Clause *one, const Clause *other);

/* The last such step before number `before`, or -1. What it brings about may have come true
 * all the same. */
int skipped_before (const Runbook *runbook, const RunState *state, const Clause *clause,
                    guint before);

/* The same at the step at hand, of those alone whose check does not hold by what is seen
 * now; NULL: there is none. */
const Step *skipped_cause (const Runbook *runbook, const RunState *state,
                           const Clause *clause, const CheckContext *context);

#endif
