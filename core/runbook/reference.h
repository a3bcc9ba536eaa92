/* reference.h: the file formats described from their own tables. Pure. */
#ifndef HANDRAIL_RUNBOOK_REFERENCE_H
#define HANDRAIL_RUNBOOK_REFERENCE_H

#include <jansson.h>

#include "core/runbook/runbook.h"

/* The reference part of runbooks/README.md. */
char *reference_markdown (const Vocabulary *vocabulary);

/* JSON Schema (draft 2020-12) of a runbook, of a site and of a practice scenario file; new
 * references. */
json_t *reference_runbook_schema (const Vocabulary *vocabulary);
json_t *reference_site_schema (const Vocabulary *vocabulary);
json_t *reference_scenario_schema (void);

#endif
