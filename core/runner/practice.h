/* practice.h: a run against a simulated deployment: how far it reaches.
 *
 * Such a deployment is a folder: `site.yaml` says what it is, `bin/` has its programs, and
 * the process that plays it listens on `control` as long as it lives. How far it reaches is
 * what that process says, not what stands in a file. */
#ifndef HANDRAIL_RUNNER_PRACTICE_H
#define HANDRAIL_RUNNER_PRACTICE_H

#include <jansson.h>

#include "core/net/confine.h"

/* The bounds of a run against the deployment in `folder`, with `site_file` (absolute) as its
 * site. NULL with *refusal (refusal.h): it is another site, or the deployment is gone. */
Confine *practice_confine (const char *folder, const char *site_file, json_t **refusal);

#endif
