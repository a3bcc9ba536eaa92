/* redis_cli.h: the redis-cli of practice: takes, prints and ends as Redis 7.0's does.
 *
 * It reaches the sockets of its practice, and nothing else: on a jump host a loopback port
 * may well be the tunnel to a real Redis. It lives in a library of its own (libredis-cli.a),
 * because it opens a connection and blocks. */
#ifndef HANDRAIL_PRACTICE_REDIS_CLI_H
#define HANDRAIL_PRACTICE_REDIS_CLI_H

#include <glib.h>
#include <sys/types.h>

/* The descriptors that it reads from and writes to; they stay open. */
typedef struct {
  int in, out, err;
} RedisCliStreams;

/* The socket of the simulated Redis in the folder of its practice. */
#define REDIS_CLI_SOCKET "redis"

/* The whole program: a command line (argv[0] is its own name), the folder of its practice (no
 * socket beyond it is connected to; REDIS_CLI_SOCKET in it is meant where none is named), the
 * process that plays it (another that listens there is not spoken to; 0: there is none), and
 * what REDISCLI_AUTH says (or NULL), in; the exit status out. */
int redis_cli_run (const char *const *argv, const char *folder, pid_t world,
                   const char *auth, const RedisCliStreams *streams);

#endif
