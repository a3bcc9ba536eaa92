/* run_checks.h: the checks of the step at hand, as they stand now. Pure. */
#ifndef HANDRAIL_TUI_RUN_CHECKS_H
#define HANDRAIL_TUI_RUN_CHECKS_H

#include "tui/run/run_model.h"
#include "tui/widgets/canvas.h"

typedef struct {
  const char *section;  /* "require", "during", "until" */
  const Clause *clause; /* or NULL: the runbook is not known here */
  Verdict verdict;
  gboolean due; /* it is judged in this phase of the step */
  char *text;   /* what is true; of one that is not due what is wanted */
  char *word;   /* what is typed to go on without it, while that is taken; or NULL */
} RunCheck;

/* RunCheck *, in the order in which they matter. Newly allocated. */
GPtrArray *run_checks (const RunModel *model);

/* How a verdict looks. */
Role run_checks_role (Verdict verdict);
Mark run_checks_mark (Verdict verdict);

/* The settings of the step's first check of job queues; NULL: it has none that is known. */
const Clause *run_checks_queues (const RunModel *model);

/* Whether one of them tells what the job queues come to. */
gboolean run_checks_tell_queues (const GPtrArray *checks);

/* Services whose instances the checks that do not hold are about (borrowed texts). Newly
 * allocated. */
GPtrArray *run_checks_services (const GPtrArray *checks);

#endif
