/* canned_redis.h: a Redis that is a table of commands and the bytes that it answers them
 * with, for what is pure. */
#ifndef HANDRAIL_TESTS_CANNED_REDIS_H
#define HANDRAIL_TESTS_CANNED_REDIS_H

#include <string.h>

#include "core/net/redis.h"

typedef struct {
  const char *command; /* words joined by spaces; the first row that fits counts */
  const char *reply;   /* as the server sends it; a bulk string may be written <so> */
} Canned;

/* What an empty database answers; rows whose command ends in * are beginnings. */
static const Canned canned_empty[] = {
  { "TIME", "*2\r\n<1000000100><500000>" },
  { "SMEMBERS *", "*0\r\n" },
  { "ZCARD *", ":0\r\n" },
  { "LLEN *", ":0\r\n" },
  { "DBSIZE", ":0\r\n" },
  { "GET *", "$-1\r\n" },
  { "LINDEX *", "$-1\r\n" },
  { "HMGET *", "*4\r\n$-1\r\n$-1\r\n$-1\r\n$-1\r\n" },
  { "ROLE", "*3\r\n<master>:0\r\n*0\r\n" },
  { "CONFIG *", "-NOPERM this user has no permissions to run the 'config' command\r\n" },
  { "*", "-ERR unknown command\r\n" },
  { NULL, NULL },
};

static const char *
canned_find (const Canned *rows, const char *command)
{
  for (; rows && rows->command; rows++) {
    gsize length = strlen (rows->command);
    gboolean begins = rows->command[length - 1] == '*';
    if (begins ? strncmp (rows->command, command, length - 1) == 0
               : strcmp (rows->command, command) == 0)
      return rows->reply;
  }
  return NULL;
}

/* Each <so> becomes a bulk string of that text. */
static void
canned_append (GString *answer, const char *reply)
{
  const char *open, *close;
  while ((open = strchr (reply, '<'))) {
    close = strchr (open, '>');
    g_string_append_len (answer, reply, open - reply);
    g_string_append_printf (answer, "$%d\r\n%.*s\r\n", (int)(close - open - 1),
                            (int)(close - open - 1), open + 1);
    reply = close + 1;
  }
  g_string_append (answer, reply);
}

/* Commands are lists of words, as replies are. */
static char *
canned_command (const RedisReply *words)
{
  GString *command = g_string_new (NULL);
  for (guint i = 0; i < redis_reply_count (words); i++)
    g_string_append_printf (command, "%s%s", i ? " " : "",
                            redis_reply_text (redis_reply_nth (words, i), NULL));
  return g_string_free (command, FALSE);
}

/* Reads into `reader` what a server of these rows answers to `commands`, `slice` bytes at
 * a time. Notes each command in `asked` (or NULL). */
static const RedisReply *
canned_answer (RedisReader *reader, const Canned *rows, const RedisCommands *commands,
               gsize slice, GPtrArray *asked)
{
  gsize length;
  const char *bytes = redis_commands_bytes (commands, &length);
  g_autoptr (RedisReader) server = redis_reader_new ();
  g_autoptr (GString) answer = g_string_new (NULL);
  GError *error = NULL;
  redis_reader_begin (server, redis_commands_count (commands));
  const RedisReply *heard = redis_reader_feed (server, bytes, length, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < redis_reply_count (heard); i++) {
    g_autofree char *command = canned_command (redis_reply_nth (heard, i));
    const char *reply = canned_find (rows, command);
    canned_append (answer, reply ? reply : canned_find (canned_empty, command));
    if (asked)
      g_ptr_array_add (asked, g_steal_pointer (&command));
  }
  const RedisReply *replies = NULL;
  redis_reader_begin (reader, redis_commands_count (commands));
  for (gsize at = 0; at < answer->len; at += slice) {
    g_assert_null (replies);
    replies = redis_reader_feed (reader, answer->str + at, MIN (slice, answer->len - at),
                                 &error);
    g_assert_no_error (error);
  }
  g_assert_nonnull (replies);
  return replies;
}

#endif
