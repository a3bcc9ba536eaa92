/* debrief_rules.h: where the safe course was left: a rule a function. Inside core/debrief only.
 *
 * A rule looks at a debrief whose times, queues and deployment are known, and adds what it
 * finds. */
#ifndef HANDRAIL_DEBRIEF_DEBRIEF_RULES_H
#define HANDRAIL_DEBRIEF_DEBRIEF_RULES_H

#include "core/debrief/debrief_parts.h"

typedef struct DebriefRule DebriefRule;
struct DebriefRule {
  const char *name;
  const char *why;     /* it matters */
  const char *careful; /* what a careful operator does there */
  void (*look) (Debrief *debrief, const DebriefRule *rule);
};

/* `step` may be NULL or "". */
void debrief_rule_found (Debrief *debrief, const DebriefRule *rule,
                         DebriefSeverity severity, DebriefTime at, const char *step,
                         const char *format, ...) G_GNUC_PRINTF (6, 7);

/* How it was answered (debrief_answers.c). */
void debrief_look_rising (Debrief *debrief, const DebriefRule *rule);
void debrief_look_accepted (Debrief *debrief, const DebriefRule *rule);
void debrief_look_skipped (Debrief *debrief, const DebriefRule *rule);
void debrief_look_hasty (Debrief *debrief, const DebriefRule *rule);
void debrief_look_failure_skipped (Debrief *debrief, const DebriefRule *rule);
void debrief_look_offer_declined (Debrief *debrief, const DebriefRule *rule);
void debrief_look_reviewed (Debrief *debrief, const DebriefRule *rule);

#endif
