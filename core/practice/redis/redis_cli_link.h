/* redis_cli_link.h: the connection of redis-cli. It blocks. */
#ifndef HANDRAIL_PRACTICE_REDIS_CLI_LINK_H
#define HANDRAIL_PRACTICE_REDIS_CLI_LINK_H

#include <sys/types.h>

#include "core/practice/redis/resp_read.h"

typedef struct {
  char *socket;           /* its path; owned */
  pid_t world;            /* the process that has to be at its other end */
  const char *shown;      /* as messages name it */
  const char *user, *auth; /* NULL: no user is named; nobody logs in */
  guint database;
  int err;                /* where it says what is wrong */
  int connection;         /* -1: there is none */
  RespReader reader;
} RedisCliLink;

/* Takes the path over; nothing is connected yet. The link may not be moved. */
void redis_cli_link_init (RedisCliLink *link, char *socket);
void redis_cli_link_finish (RedisCliLink *link);

/* Anew. FALSE: it has been said why not. */
gboolean redis_cli_link_open (RedisCliLink *link);

/* A command of at least one word (GString *). A connection that was lost is made once more.
 * NULL: it has been said what is wrong. */
RespReply *redis_cli_link_ask (RedisCliLink *link, const GPtrArray *words);

/* ---- streams, whatever they are ------------------------------------------------------------ */

void redis_cli_write (int descriptor, const char *text, gsize length);
void redis_cli_say (int descriptor, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Appends what one read gives; FALSE at the end. */
gboolean redis_cli_read (int descriptor, GString *bytes);

#endif
