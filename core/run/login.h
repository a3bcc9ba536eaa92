/* login.h: how a program that a plan runs is given a password. Through its environment:
 * arguments are seen by everybody who may list processes. Pure. */
#ifndef HANDRAIL_RUN_LOGIN_H
#define HANDRAIL_RUN_LOGIN_H

#include "core/runbook/site.h"

/* The variable in which redis-cli looks for it (as its own help says). An empty one would
 * make it log in with nothing. */
#define LOGIN_REDIS_VARIABLE "REDISCLI_AUTH"

/* What a person types before the commands that log in to that section of the site:
 * `export REDISCLI_AUTH="$(head -n 1 /etc/redis.pw)"`. Newly allocated; NULL where they
 * need no password. Holds none itself. */
char *login_line (const Site *site, const char *section);

#endif
