/* naming.h: what a run that begins is called. */
#ifndef HANDRAIL_RUNNER_NAMING_H
#define HANDRAIL_RUNNER_NAMING_H

#include "core/runner/hold.h"

/* Makes the run's folder below hold->root under a name that is free there, and gives hold its
 * path, name and folder. Practices have a root each: there the name is free in those beside it,
 * too, and among the real runs that have begun. FALSE with *refusal. */
gboolean naming_make_run (Hold *hold, json_t **refusal);

#endif
