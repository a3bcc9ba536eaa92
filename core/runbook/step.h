/* step.h: reads steps and their parts. Pure. */
#ifndef HANDRAIL_RUNBOOK_STEP_H
#define HANDRAIL_RUNBOOK_STEP_H

#include "core/runbook/reader.h"

void step_free (Step *step);
void when_free (When *when);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Step, step_free)

/* A step; never NULL. `id` may be NULL in it, when a problem says so. */
Step *step_read (Reader *reader, const TreeNode *node);

extern const Field runbook_when_fields[];
extern const Field runbook_ask_fields[];
extern const Field runbook_otherwise_fields[];
extern const char *const runbook_records[];

#endif
