/* redis_cli.h: the command line of redis-cli, which is how Redis is acted on, and looked at
 * by hand: what the operator sees is what they could type. Pure. */
#ifndef HANDRAIL_RUN_REDIS_CLI_H
#define HANDRAIL_RUN_REDIS_CLI_H

#include "core/run/kind.h"

/* Adds "redis-cli … WORDS" on the Redis of that section of the site. The password is
 * never among the arguments: the command is one that logs in (Command.login). FALSE with
 * PLAN_ERROR where the section is not there or cannot be handed on. */
gboolean redis_cli_add (Plan *plan, const Site *site, const char *section,
                        const char *const *words, GError **error);

#endif
