#include "core/practice/redis/redis_cli_link.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/practice/redis/redis_words.h"

/* The simulation answers at once; one that does not in so long never will. */
#define ANSWER_S_MAX 30

#define READ_BYTES 65536

/* ---- streams --------------------------------------------------------------------------- */

void
redis_cli_write (int descriptor, const char *text, gsize length)
{
  while (length > 0) {
    gssize written = write (descriptor, text, length);
    if (written < 0 && errno != EINTR)
      return;
    text += MAX (written, 0);
    length -= (gsize)MAX (written, 0);
  }
}

void
redis_cli_say (int descriptor, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  redis_cli_write (descriptor, text, strlen (text));
}

gboolean
redis_cli_read (int descriptor, GString *bytes)
{
  char piece[READ_BYTES];
  gssize length;
  do
    length = read (descriptor, piece, sizeof piece);
  while (length < 0 && errno == EINTR);
  if (length > 0)
    g_string_append_len (bytes, piece, length);
  return length > 0;
}

/* ---- asking ------------------------------------------------------------------------------ */

static gboolean
fill (GString *bytes, void *data)
{
  const RedisCliLink *link = data;
  return redis_cli_read (link->connection, bytes);
}

static void
disconnect (RedisCliLink *link)
{
  if (link->connection >= 0)
    close (link->connection);
  link->connection = -1;
  g_string_truncate (link->reader.bytes, 0);
}

static gboolean
send_all (const RedisCliLink *link, const GString *bytes)
{
  for (gsize at = 0; at < bytes->len;) {
    gssize sent = send (link->connection, bytes->str + at, bytes->len - at, MSG_NOSIGNAL);
    if (sent < 0 && errno != EINTR)
      return FALSE;
    at += (gsize)MAX (sent, 0);
  }
  return TRUE;
}

/* NULL: there is no connection, or not any more. */
static RespReply *
ask_once (RedisCliLink *link, const GPtrArray *words)
{
  g_autoptr (GString) bytes = g_string_new (NULL);
  if (link->connection < 0)
    return NULL;
  g_string_append_printf (bytes, "*%u\r\n", words->len);
  for (guint i = 0; i < words->len; i++) {
    const GString *word = words->pdata[i];
    g_string_append_printf (bytes, "$%" G_GSIZE_FORMAT "\r\n", word->len);
    g_string_append_len (bytes, word->str, (gssize)word->len);
    g_string_append (bytes, "\r\n");
  }
  RespReply *reply = send_all (link, bytes) ? resp_read (&link->reader) : NULL;
  if (!reply)
    disconnect (link);
  return reply;
}

RespReply *
redis_cli_link_ask (RedisCliLink *link, const GPtrArray *words)
{
  RespReply *reply = ask_once (link, words);
  if (reply || !redis_cli_link_open (link))
    return reply;
  reply = ask_once (link, words);
  if (!reply)
    redis_cli_say (link->err, "Error: Server closed the connection\n");
  return reply;
}

/* ---- connecting ---------------------------------------------------------------------------- */

/* When it is refused the original says so, and goes on. */
static void
ask_at_first (RedisCliLink *link, const char *const *line, const char *what)
{
  g_autoptr (GPtrArray) words = redis_words_new ();
  for (; *line; line++)
    g_ptr_array_add (words, g_string_new (*line));
  g_autoptr (RespReply) reply = ask_once (link, words);
  if (reply && reply->kind == RESP_ERROR)
    redis_cli_say (link->err, "%s failed: %s\n", what, reply->text->str);
}

static void
log_in (RedisCliLink *link)
{
  const char *const named[] = { "AUTH", link->user, link->auth, NULL };
  const char *const unnamed[] = { "AUTH", link->auth, NULL };
  if (link->auth)
    ask_at_first (link, link->user ? named : unnamed, "AUTH");
}

static void
choose_database (RedisCliLink *link)
{
  g_autofree char *number = g_strdup_printf ("%u", link->database);
  g_autofree char *what = g_strconcat ("SELECT ", number, NULL);
  if (link->database > 0)
    ask_at_first (link, (const char *const[]){ "SELECT", number, NULL }, what);
}

/* FALSE with errno: whatever the path has led to is not the simulation. */
static gboolean
is_world (int descriptor, pid_t world)
{
  struct ucred peer;
  socklen_t length = sizeof peer;
  if (getsockopt (descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 &&
      peer.pid == world)
    return TRUE;
  errno = ECONNREFUSED;
  return FALSE;
}

static int
open_socket (const char *path, pid_t world)
{
  const struct timeval limit = { .tv_sec = ANSWER_S_MAX };
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  if (strlen (path) >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  memcpy (address.sun_path, path, strlen (path));
  int descriptor = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0)
    return -1;
  setsockopt (descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt (descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (connect (descriptor, (const struct sockaddr *)&address, sizeof address) == 0 &&
      is_world (descriptor, world))
    return descriptor;
  int error = errno;
  close (descriptor);
  errno = error;
  return -1;
}

gboolean
redis_cli_link_open (RedisCliLink *link)
{
  disconnect (link);
  link->connection = open_socket (link->socket, link->world);
  if (link->connection < 0) {
    redis_cli_say (link->err, "Could not connect to Redis at %s: %s\n", link->shown,
                   g_strerror (errno));
    return FALSE;
  }
  log_in (link);
  choose_database (link);
  return TRUE;
}

void
redis_cli_link_init (RedisCliLink *link, char *socket)
{
  *link = (RedisCliLink){ .socket = socket, .shown = socket, .connection = -1 };
  link->reader = (RespReader){ g_string_new (NULL), fill, link };
}

void
redis_cli_link_finish (RedisCliLink *link)
{
  disconnect (link);
  g_free (link->socket);
  g_string_free (link->reader.bytes, TRUE);
}
