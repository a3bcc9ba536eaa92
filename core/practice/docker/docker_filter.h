/* docker_filter.h: which containers --filter leaves. Pure. */
#ifndef HANDRAIL_PRACTICE_DOCKER_FILTER_H
#define HANDRAIL_PRACTICE_DOCKER_FILTER_H

#include "core/practice/docker/docker_command.h"

typedef struct DockerFilters DockerFilters;

/* Those among the arguments, which may be none. NULL, and said, for one that is no filter, or
 * one that the simulation does not know. */
DockerFilters *docker_filters_new (DockerCommand *command,
                                   const DockerArguments *arguments);
void docker_filters_free (DockerFilters *filters);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DockerFilters, docker_filters_free)

/* Whether they ask for containers that do not run, as --all does. */
gboolean docker_filters_all (const DockerFilters *filters);

/* Sets *passes. FALSE, and said, when a pattern takes too long. */
gboolean docker_filters_pass (const DockerFilters *filters, DockerCommand *command,
                              const Container *container, const json_t *labels,
                              gboolean *passes);

#endif
