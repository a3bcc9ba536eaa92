/* redis_cli.h: the redis-cli of practice: takes, prints and ends as Redis 7.0's does.
 *
 * It speaks to Unix sockets and to loopback addresses, and to nothing else: who practises
 * must not reach a real server by mistake. It lives in a library of its own
 * (libredis-cli.a), because it opens a connection and blocks. */
#ifndef HANDRAIL_PRACTICE_REDIS_CLI_H
#define HANDRAIL_PRACTICE_REDIS_CLI_H

#include <glib.h>

/* The descriptors that it reads from and writes to; they stay open. */
typedef struct {
  int in, out, err;
} RedisCliStreams;

/* The whole program: a command line (argv[0] is its own name), and what REDISCLI_AUTH says
 * (or NULL), in; the exit status out. */
int redis_cli_run (const char *const *argv, const char *auth,
                   const RedisCliStreams *streams);

#endif
