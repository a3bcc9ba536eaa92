/* environment.h: what a program that we run has of our environment. Pure. */
#ifndef HANDRAIL_BASE_ENVIRONMENT_H
#define HANDRAIL_BASE_ENVIRONMENT_H

#include <glib.h>

/* Who and where one is, and LC_ALL=C, because answers are read; nothing else. What a person's shell has
 * beside that (DOCKER_HOST, KUBECONFIG, AWS_PROFILE…) could lead to another place than the
 * site says. `from`: "NAME=value", NULL-terminated. Newly allocated. */
GStrv environment_clean (const char *const *from);

#endif
